package io.weir.streams.cli.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.rules.DomainPlan.Outcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class PlanTextTest {
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limits:
            - {name: fast, algorithm: token_bucket, unit: second, requests_per_unit: 5, burst: 10}
            - {name: slow, unit: day, requests_per_unit: 100}
        - key: plan
          value: free*
          share_threshold: true
          rate_limit: {unit: hour, requests_per_unit: 9}
          descriptors:
            - key: ip
              rate_limit: {unit: minute, requests_per_unit: 2}
        - key: plan
          value: "*e"
          rate_limit: {unlimited: true}
      """;

  @Test
  void eachFieldThatChangesIsShownAndWhatBecomesOfWhatWasUsed() {
    assertThat(
            plan(
                RULES,
                RULES
                    .replace("requests_per_unit: 5", "requests_per_unit: 6")
                    .replace("unit: day", "algorithm: sliding_window_log, unit: day")))
        .isEqualTo(
            """
            api: to be changed, revision 7 is in force
              ~ user_id#fast
                  requests_per_unit: 5 → 6
                  what was used is kept
              ~ user_id#slow
                  algorithm: fixed_window → sliding_window_log
                  starts fresh: the algorithm is another one
            Plan: 0 to add, 2 to change, 0 to remove in 1 domain
            """);
  }

  @Test
  void aNewNameInAListIsAnotherLimit() {
    assertThat(plan(RULES, RULES.replace("name: slow", "name: slower")))
        .isEqualTo(
            """
            api: to be changed, revision 7 is in force
              + user_id#slower: 100 per day, fixed_window
                  what was used under user_id#slow does not count here
              - user_id#slow: 100 per day, fixed_window
              What was used under a limit that goes is remembered until it expires: adding the limit again finds it.
              A limit that is added, or has another key now, and was there before finds what was used under it, unless that has expired.
            Plan: 1 to add, 0 to change, 1 to remove in 1 domain
            """);
  }

  @Test
  void aLimitThatIsAddedMayHaveBeenThereBefore() {
    String one = limits("- {key: user, rate_limit: {unit: day, requests_per_unit: 5}}");
    String note =
        "  A limit that is added, or has another key now, and was there before finds what was used"
            + " under it, unless that has expired.\n";

    assertThat(plan(one, one + "  - {key: ip, rate_limit: {unit: day, requests_per_unit: 6}}\n"))
        .isEqualTo(
            """
            api: to be changed, revision 7 is in force
              + ip: 6 per day, fixed_window
            """
                + note
                + "Plan: 1 to add, 0 to change, 0 to remove in 1 domain\n");
    assertThat(plan(limits("- {key: user}"), one)).contains(note);
    assertThat(plan(one, one + "  - {key: ip, rate_limit: {unlimited: true}}\n"))
        .doesNotContain(note);
    assertThat(
            plan(
                one,
                one + "  - {key: user, value: x, rate_limit: {unit: day, requests_per_unit: 6}}\n"))
        .as("one that goes on with what was used")
        .doesNotContain(note);
  }

  @Test
  void aNewNameOfASingleLimitKeepsWhatWasUsed() {
    assertThat(plan(RULES, RULES.replace("{unit: minute", "{name: each, unit: minute")))
        .contains("  ~ plan=free* / ip\n      name: not set → each\n      what was used is kept\n");
  }

  @Test
  void anotherWindowCountsWhatWasUsed() {
    assertThat(plan(RULES, RULES.replace("unit: day", "unit: day, unit_multiplier: 2")))
        .contains(
            """
              ~ user_id#slow
                  unit_multiplier: not set → 2
                  what was used is kept, and counts in the new window
            """);
  }

  @Test
  void whatFollowsForLimitsBelowIsShownToo() {
    assertThat(plan(RULES, RULES.replace("    share_threshold: true\n", "")))
        .contains(
            """
              ~ plan=free*
                  share_threshold: true → not set
                  what was used does not count here: its state is kept under another key
              ~ plan=free* / ip
                  what was used does not count here: its state is kept under another key
              A limit that is added, or has another key now, and was there before finds what was used under it, unless that has expired.
            Plan: 0 to add, 2 to change, 0 to remove in 1 domain
            """);
  }

  @Test
  void aLimitOfItsOwnGoesOnWithWhatWasUsedUnderThatForAll() {
    String one = limits("- {key: user, rate_limit: {unit: day, requests_per_unit: 5}}");
    String two = one + "  - {key: user, value: x, rate_limit: {unit: day, requests_per_unit: 6}}\n";
    String other = two.replace("6}", "6, algorithm: token_bucket}");

    assertThat(plan(one, two))
        .contains(
            """
              + user=x: 6 per day, fixed_window
                  goes on with what was used under api.user
            """);
    assertThat(plan(two, one))
        .contains(
            """
              - user=x: 6 per day, fixed_window
                  its requests come under api.user, which goes on with what was used
            Plan""");
    assertThat(plan(one, other))
        .contains("starts fresh: the algorithm is another one than that of api.user\n");
    assertThat(plan(other, one))
        .contains(
            "its requests come under api.user, which starts fresh: the algorithm is another one\n");
  }

  @Test
  void whatBeginsOrEndsToBeALimitIsToldInOneLine() {
    String limited =
        limits("- {key: user, rate_limit: {unit: day, requests_per_unit: 5, on_error: deny}}");
    String unlimited = limits("- {key: user, rate_limit: {unlimited: true}}");
    String none = limits("- {key: user}");

    assertThat(plan(limited, unlimited))
        .contains(
            """
              ~ user
                  5 per day, fixed_window → unlimited
                  on_error: deny → not set
                  what was used is remembered until it expires: adding the limit again finds it
            """);
    assertThat(plan(unlimited, none)).contains("  ~ user\n      unlimited → no limit\nPlan");
    assertThat(plan(none, limited)).contains("      no limit → 5 per day, fixed_window\n");
  }

  @Test
  void whatNoLimitComesFromIsShownAndNoUsageIsTold() {
    assertThat(
            plan(
                RULES,
                RULES.replace(
                    "    share_threshold: true\n",
                    """
                        share_threshold: true
                        shadow_mode: true
                        quota_mode: true
                        detailed_metric: true
                        value_to_metric: true
                        metadata: {tier: gold}
                    """)))
        .isEqualTo(
            """
            api: to be changed, revision 7 is in force
              ~ plan=free*
                  shadow_mode: not set → true
                  quota_mode: not set → true
                  detailed_metric: not set → true
                  value_to_metric: not set → true
                  metadata: not set → {"tier":"gold"}
                  what was used is kept
            Plan: 0 to add, 1 to change, 0 to remove in 1 domain
            """);
    assertThat(
            plan(
                RULES,
                RULES.replace(
                    "{unit: hour, requests_per_unit: 9}",
                    "{unit: hour, requests_per_unit: 9, replaces: [{name: x}, {name: y}]}")))
        .contains("  ~ plan=free*\n      replaces: not set → x y\nPlan");
  }

  @Test
  void wildcardsThatChangePlacesAreTold() {
    String a = "- {key: user, value: a*, rate_limit: {unit: day, requests_per_unit: 5}}";
    String z = "- {key: user, value: '*z', rate_limit: {unit: day, requests_per_unit: 6}}";
    String ip = "- {key: ip, rate_limit: {unit: day, requests_per_unit: 7}}";

    assertThat(plan(limits(a, z), limits(z, a)))
        .isEqualTo(
            """
            api: to be changed, revision 7 is in force
              ~ user=*z
                  order: now before user=a*: where both match, this one applies
            Plan: 0 to add, 1 to change, 0 to remove in 1 domain
            """);
    assertThat(plan(limits(a, ip), limits(ip, a)))
        .containsPattern("order: now (before|the last).*; what matches stays the same\n");
    assertThat(plan(limits(z), limits(a, z)))
        .contains("      order: before user=*z: where both match, this one applies\n");
    assertThat(plan(limits(z), limits(z, a)))
        .contains("      order: after user=*z: where both match, that one applies\n");
    assertThat(plan(limits(z), limits(z, ip))).doesNotContain("order");
  }

  @Test
  void limitsOfAListThatChangePlacesAreTold() {
    assertThat(
            plan(
                limits(
                    "- {key: user, rate_limits: ["
                        + "{name: a, unlimited: true}, {name: b, unlimited: true}]}"),
                limits(
                    "- {key: user, rate_limits: ["
                        + "{name: b, unlimited: true}, {name: a, unlimited: true}]}")))
        .containsOnlyOnce("~")
        .containsPattern("~ user#b\n      order: now before #a; what matches stays the same\n");
  }

  @Test
  void whereNothingChangesOneLineSaysSo() {
    DomainPlan api = unchanged("api", 3);
    DomainPlan web = unchanged("web", 5);

    assertThat(print(text -> text.print(List.of(api, web))))
        .isEqualTo("Nothing to change, in force already: api revision 3, web revision 5\n");
  }

  @Test
  void theOutcomeNamesBothRevisionsAndCounts() {
    DomainRules rules = read(RULES);
    DomainPlan created =
        new DomainPlan(
            "api",
            Outcome.CREATED,
            Optional.empty(),
            -1,
            Optional.empty(),
            RulesDiff.between(DomainRules.of("api"), rules));
    DomainPlan repaired =
        new DomainPlan(
            "web",
            Outcome.REPAIRED,
            Optional.of(2L),
            4,
            Optional.of(new RulesLog.Skipped("x", 4)),
            List.of());

    assertThat(
            print(
                text -> {
                  text.print(List.of(created, repaired, unchanged("z", 1)));
                  text.written(created, 5);
                  text.written(repaired, 6);
                  text.notConfirmed("mail");
                  text.applied(List.of(created, repaired));
                }))
        .isEqualTo(
            """
            api: to be created
              + user_id#fast: 5 per second, token_bucket, burst 10
              + user_id#slow: 100 per day, fixed_window
              + plan=free*: 9 per hour, fixed_window, shared
              + plan=free* / ip: 2 per minute, fixed_window
              + plan=*e: unlimited
              A limit that is added, or has another key now, and was there before finds what was used under it, unless that has expired.
            web: to be repaired, revision 2 is in force; the record after it, at offset 4, is skipped
            z: unchanged, revision 1
            Plan: 5 to add, 0 to change, 0 to remove in 1 domain, 1 domain to repair
            api: created, revision 5
            web: repaired, revision 2 → 6
            mail: not confirmed
            Applied: 5 added, 0 changed, 0 removed in 1 domain, 1 domain repaired
            """);
    assertThat(PlanCounts.of(List.of(repaired)).done()).isEqualTo("1 domain repaired");
  }

  @Test
  void whatWouldEndALineOrTellATerminalIsSpelt() {
    assertThat(plan("domain: api", limits("- {key: user, value: \"a\\n\\e[2J\\u202E\"}")))
        .contains("  + user=a\\u000a\\u001b[2J\\u202e: no limit\n");
  }

  @Test
  void coloursStandAroundWholeLines() {
    StringWriter out = new StringWriter();
    new PlanText(new PrintWriter(out), Ansi.ON).print(List.of(changed("domain: api", RULES)));

    assertThat(out.toString())
        .contains("\u001b[32m  + plan=*e: unlimited\u001b[39m\u001b[0m")
        .startsWith("api: to be changed");
  }

  private static String limits(String... nodes) {
    return "domain: api\ndescriptors:\n  " + String.join("\n  ", nodes) + "\n";
  }

  private static DomainPlan unchanged(String domain, long revision) {
    return new DomainPlan(
        domain, Outcome.UNCHANGED, Optional.of(revision), revision, Optional.empty(), List.of());
  }

  private static DomainPlan changed(String before, String after) {
    return new DomainPlan(
        "api",
        Outcome.CHANGED,
        Optional.of(7L),
        7,
        Optional.empty(),
        RulesDiff.between(read(before), read(after)));
  }

  private static String plan(String before, String after) {
    return print(text -> text.print(List.of(changed(before, after))));
  }

  private static String print(Consumer<PlanText> printing) {
    StringWriter out = new StringWriter();
    printing.accept(new PlanText(new PrintWriter(out), Ansi.OFF));
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  private static DomainRules read(String yaml) {
    return RulesReader.standard().read("f", yaml);
  }
}
