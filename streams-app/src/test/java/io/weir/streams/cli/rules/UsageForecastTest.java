package io.weir.streams.cli.rules;

import static io.weir.streams.testkit.RequestPart.attribute;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.rules.Usage.Kind;
import io.weir.streams.testkit.RequestPart;
import io.weir.streams.testkit.WeirTestKit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a plan says of what was used is what the application then does. */
class UsageForecastTest {
  private static final String ALL = "- {key: user, rate_limit: {unit: day, requests_per_unit: 10}}";
  private static final String ONE =
      "- {key: user, value: x, rate_limit: {unit: day, requests_per_unit: 10}}";
  private static final String SHARED =
      "- {key: user, value: x*, share_threshold: true,"
          + " rate_limit: {unit: day, requests_per_unit: 10}}";

  @Test
  void otherNumbersKeep() {
    assertThatUsage(ALL, ALL.replace("10", "20"), "user").isKept(20);
    assertThatUsage(ALL, ALL.replace("unit: day", "unit: week"), "user").isKept(10);
    assertThatUsage(bucket(ALL), bucket(ALL).replace("10", "20"), "user").isKept(20);
  }

  @Test
  void anotherAlgorithmStartsFresh() {
    assertThatUsage(ALL, bucket(ALL), "user").isFresh(10);
    assertThatUsage(ALL, ALL + "\n  " + bucket(ONE), "user=x").isFresh(10);
  }

  @Test
  void aLimitForOneGoesOnWithThatForAll() {
    assertThatUsage(ALL, ALL + "\n  " + ONE, "user=x").isKept(10);
    assertThatUsage(SHARED.replace("share_threshold: true,", ""), ONE, "user=x").isKept(10);
    assertThatUsage(ALL, ONE.replace("x,", "'*',"), "user=*").isKept(10);
  }

  @Test
  void whatIsSharedHasAnotherKey() {
    assertThatUsage(SHARED, SHARED.replace("share_threshold: true,", ""), "user=x*")
        .isNotCounted(10);
    assertThatUsage(SHARED.replace("share_threshold: true,", ""), SHARED, "user=x*")
        .isNotCounted(10);
    assertThat(forecast(ALL, ALL + "\n  " + SHARED, "user=x*")).isEmpty();
  }

  @Test
  void aNameCountsInAListAlone() {
    String named = ALL.replace("{unit", "{name: a, unit");
    String listed = named.replace("rate_limit: {", "rate_limits: [{").replace("}}", "}]}");

    assertThatUsage(ALL, named, "user").isKept(10);
    assertThatUsage(listed, listed.replace("name: a", "name: b"), "user#b").isNotCounted(10);
    assertThatUsage(listed, named, "user").isNotCounted(10);
    assertThatUsage(named, listed, "user#a").isNotCounted(10);
  }

  @Test
  void aSecondLimitLeavesTheFirstOneWhatWasUsed() {
    String both =
        ALL.replace("}}", "}, rate_limits: [{name: b, unit: hour, requests_per_unit: 99}]}");
    String listed =
        "- {key: user, rate_limits: [{name: a, unit: day, requests_per_unit: 10},"
            + " {name: b, unit: hour, requests_per_unit: 9}]}";

    assertThat(RulesDiff.between(rules(ALL), rules(both)))
        .extracting(change -> change.place().text())
        .containsExactly("user#b");
    assertThat(forecast(ALL, both, "user#b")).isEmpty();
    new Told(ALL, both, Optional.empty()).leaves(8);
    new Told(both, ALL, Optional.empty()).leaves(8);
    assertThat(forecast(ALL, listed, "user#a"))
        .contains(
            new Usage(
                Kind.REMEMBERED,
                "what was used under user does not count here; it counts on where that stays"
                    + " rate_limit, with rate_limits beside it"));
  }

  @Test
  void whatGoesIsRememberedAndFoundAgain() {
    assertThat(forecast(ALL, "[]", "user").map(Usage::kind)).contains(Kind.REMEMBERED);
    assertThat(forecast(ALL, "- {key: user}", "user").map(Usage::kind)).contains(Kind.REMEMBERED);

    try (WeirTestKit weir = WeirTestKit.given(rules(ALL))) {
      RequestPart user = attribute("user", "x");
      weir.request(user).hasRemaining(9);
      weir.apply(rules("- {key: user}")).request(user).hasLimits(0);
      weir.apply(rules(ALL)).request(user).hasRemaining(8);
    }
  }

  @Test
  void aLimitThatGetsItsOldNameBackFindsWhatWasUsedUnderIt() {
    String a = "- {key: user, rate_limits: [{name: a, unit: day, requests_per_unit: 10}]}";
    String b = a.replace("name: a", "name: b");

    assertThat(forecast(a, b, "user#b"))
        .contains(new Usage(Kind.REMEMBERED, "what was used under user#a does not count here"));
    assertThat(forecast(b, a, "user#a"))
        .contains(new Usage(Kind.REMEMBERED, "what was used under user#b does not count here"));
    assertFoundAgain(a, b);
  }

  @Test
  void aLimitThatIsSharedAgainFindsWhatWasUsedByAll() {
    assertFoundAgain(SHARED, SHARED.replace("share_threshold: true,", ""));
  }

  private static void assertFoundAgain(String first, String then) {
    try (WeirTestKit weir = WeirTestKit.given(rules(first))) {
      RequestPart user = attribute("user", "x");
      weir.request(user).hasRemaining(9);
      weir.apply(rules(then)).request(user).hasRemaining(9);
      weir.apply(rules(first)).request(user).hasRemaining(8);
    }
  }

  @Test
  void aBareKeyThatNoRequestReachesIsNotSpokenOf() {
    String unreachable = ALL + "\n  " + SHARED.replace("x*", "'*'");

    assertThat(forecast(unreachable, unreachable.replaceFirst("10", "20"), "user")).isEmpty();
  }

  private record Told(String before, String after, Optional<Usage> usage) {

    void isKept(long limit) {
      assertThat(usage.map(Usage::kind)).contains(Kind.KEPT);
      leaves(limit - 2);
    }

    void isFresh(long limit) {
      assertThat(usage.map(Usage::kind)).contains(Kind.FRESH);
      leaves(limit - 1);
    }

    void isNotCounted(long limit) {
      assertThat(usage.map(Usage::kind)).contains(Kind.REMEMBERED);
      leaves(limit - 1);
    }

    private void leaves(long remaining) {
      try (WeirTestKit weir = WeirTestKit.given(rules(before))) {
        RequestPart user = attribute("user", "x");
        weir.request(user).isAllowed();
        weir.apply(rules(after)).request(user).hasRemaining(remaining);
      }
    }
  }

  private static Told assertThatUsage(String before, String after, String place) {
    return new Told(before, after, forecast(before, after, place));
  }

  private static Optional<Usage> forecast(String before, String after, String place) {
    return RulesDiff.between(rules(before), rules(after)).stream()
        .filter(change -> change.place().text().equals(place))
        .findFirst()
        .orElseThrow()
        .usage();
  }

  private static String bucket(String node) {
    return node.replace("{unit", "{algorithm: token_bucket, unit");
  }

  private static DomainRules rules(String nodes) {
    return RulesReader.standard()
        .read("f", "domain: api\ndescriptors:" + (nodes.equals("[]") ? " []" : "\n  " + nodes));
  }
}
