package io.weir.limiter.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The exact message for each mistake. The first group is what envoyproxy/ratelimit rejects
 * (src/config/config_impl.go), with its words; the second is about Weir's own keys.
 */
class RulesReaderErrorsTest {
  private static final String UNITS = "; it must be second, minute, hour, day, week, month or year";
  private static final String UNMARSHAL =
      "error loading config file: yaml: unmarshal errors: line ";

  @Test
  void unknownUnit() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rate_limit:
              requests_per_unit: 3
              unit: fortnight
        """,
        "rules.yaml:6: invalid rate limit unit 'fortnight'" + UNITS);
  }

  @Test
  void missingUnit() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rate_limit: {requests_per_unit: 3}
          - key: ip
            rate_limit: {requests_per_unit: 3, unit: unknown}
        """,
        "rules.yaml:4: invalid rate limit unit ''" + UNITS,
        "rules.yaml:6: invalid rate limit unit 'unknown'" + UNITS);
  }

  @Test
  void textThatEndsInsideQuotes() {
    assertProblems(
        "domain: 'shop\n",
        "rules.yaml:2: error loading config file: yaml: line 2: found unexpected end of stream"
            + " (while scanning a quoted scalar)");
  }

  @Test
  void sameDomainTwice() {
    String yaml = "# ours\ndomain: shop\n";
    assertThat(problems(new RulesFile("a.yaml", "domain: shop"), new RulesFile("b.yaml", yaml)))
        .containsExactly(
            "b.yaml:2: duplicate domain 'shop' in config file; the first is at a.yaml:1");
  }

  @Test
  void whatElseIsWrongInADomainThatIsThereTwiceIsToldAsWell() {
    String yaml =
        """
        domain: shop
        descriptors:
          - key: user_id
            rate_limit: {unit: minut, requests_per_unit: 5}
        """;
    assertThat(problems(new RulesFile("a.yaml", "domain: shop"), new RulesFile("b.yaml", yaml)))
        .hasSize(2)
        .anyMatch(problem -> problem.startsWith("b.yaml:1: duplicate domain 'shop'"))
        .anyMatch(problem -> problem.contains("invalid rate limit unit 'minut'"));
  }

  @Test
  void sameKeyTwice() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            value: eve
          - key: user
          - key: team
            descriptors:
              - {key: user, value: eve}
              - {key: user, value: eve}
          - key: user
            value: eve
        """,
        "rules.yaml:9: duplicate descriptor composite key 'shop.team.user_eve'; the first is at"
            + " rules.yaml:8",
        "rules.yaml:10: duplicate descriptor composite key 'shop.user_eve'; the first is at"
            + " rules.yaml:3");
  }

  @Test
  void sameKeyTwiceInMergedFiles() {
    RulesFile a = new RulesFile("a.yaml", "domain: shop\ndescriptors: [{key: user, value: eve}]");
    RulesFile b = new RulesFile("b.yaml", "descriptors: [{key: user, value: eve}]\ndomain: shop");
    RulesException refused =
        catchThrowableOfType(
            RulesException.class,
            () -> RulesReader.standard().mergingDomains().read(List.of(a, b)));
    assertThat(refused)
        .hasMessage(
            "b.yaml:1: duplicate descriptor composite key 'shop.user_eve'; the first is at"
                + " a.yaml:2");
  }

  @Test
  void noDomain() {
    assertProblems("descriptors: []", "rules.yaml:1: config file cannot have empty domain");
    assertProblems("", "rules.yaml:1: config file cannot have empty domain");
    assertProblems("# only this\n", "rules.yaml:1: config file cannot have empty domain");
    assertProblems("~", "rules.yaml:1: config file cannot have empty domain");
    assertProblems("\n\ndomain: ''", "rules.yaml:3: config file cannot have empty domain");
    assertThat(problems(new RulesFile("a.yaml", "{}"), new RulesFile("b.yaml", "{}")))
        .containsExactly(
            "a.yaml:1: config file cannot have empty domain",
            "b.yaml:1: config file cannot have empty domain");
  }

  @Test
  void domainThatNoRequestCanName() {
    String longest = "d".repeat(256);
    assertThat(RulesReader.standard().read("rules.yaml", "domain: " + longest).domain())
        .isEqualTo(longest);
    assertProblems(
        "\ndomain: d" + longest,
        "rules.yaml:2: the domain has 257 characters; it may have 256, as requests cannot name a"
            + " longer one");
  }

  @Test
  void noKey() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - value: eve
          - key:
            value: bob
        """,
        "rules.yaml:3: descriptor has empty key",
        "rules.yaml:4: descriptor has empty key");
  }

  @Test
  void misspelledKeys() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rateLimit:
              unit: day
          - key: ip
            rate_limit:
              unit: day
              requests-per-unit: 4
          - key: team
            zebra: 1
        """,
        "rules.yaml:4: config error, unknown key 'rateLimit'; did you mean 'rate_limit'?",
        "rules.yaml:9: config error, unknown key 'requests-per-unit'; did you mean"
            + " 'requests_per_unit'?",
        "rules.yaml:11: config error, unknown key 'zebra'");
  }

  @Test
  void keyThatIsTooLongToBeMisspelt() {
    String key = "rate_limit".repeat(7);
    assertProblems(
        "domain: shop\n" + key + ": 1", "rules.yaml:2: config error, unknown key '" + key + "'");
  }

  @Test
  void keysThatAreNoText() {
    assertProblems(
        """
        1.5: shop
        domain: shop
        descriptors:
          - 7: user
            true: user
            no: user
            ~: user
            key: user
        """,
        "rules.yaml:1: config error, key is not of type string: 1.5; quote it",
        "rules.yaml:4: config error, key is not of type string: 7; quote it",
        "rules.yaml:5: config error, key is not of type string: true; quote it",
        "rules.yaml:6: config error, key is not of type string: false; quote it",
        "rules.yaml:7: config error, key is not of type string: <nil>; quote it");
  }

  @Test
  void listsOfOtherThingsThanMappings() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - user
          - [a, b]
          -
          - key: user
            rate_limit: {unit: day, requests_per_unit: 1, replaces: [old]}
        """,
        "rules.yaml:3: config error, yaml file contains list of type other than map: user",
        "rules.yaml:4: config error, yaml file contains list of type other than map: [a b]",
        "rules.yaml:5: config error, yaml file contains list of type other than map: <nil>",
        "rules.yaml:7: config error, yaml file contains list of type other than map: old");
  }

  @Test
  void numbersThatAreNotWhole() {
    String number = "; it must be a whole number of at most 63 bits";
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: version
            value: 1.10
            rate_limit: {unit: day, requests_per_unit: 0.5}
          - key: ip
            rate_limit: {unit: day, requests_per_unit: 18446744073709551615}
        """,
        "rules.yaml:4: error checking config: value is 1.10; text that looks like a number must be"
            + " quoted",
        "rules.yaml:5: error checking config: requests_per_unit is 0.5" + number,
        "rules.yaml:7: error checking config: requests_per_unit is 18446744073709551615" + number);
  }

  @Test
  void everyMistakeOfALimitIsReportedAtOnce() {
    String number = "; it must be a whole number of at most 63 bits";
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rate_limit:
              unit: minuet
              requests_per_unit: 3.5
              algorithm: token
              on_error: maybe
          - key: ip
            rate_limit:
              unit: [day]
              requests_per_unit: -1
              algorithm: {name: leaky_bucket}
              on_error: [deny]
          - key: team
            rate_limit: {unlimited: "yes"}
          - key: role
            rate_limit: {unlimited: true, burst: 1.5, unit: day}
          - key: plan
            rate_limit: {unit: day, requests_per_unit: 3.5}
        """,
        "rules.yaml:6: error checking config: requests_per_unit is 3.5" + number,
        "rules.yaml:11: config error, yaml file contains list of type other than map: day",
        "rules.yaml:14: config error, yaml file contains list of type other than map: deny",
        "rules.yaml:18: error checking config: burst is 1.5" + number,
        "rules.yaml:20: error checking config: requests_per_unit is 3.5" + number,
        type(11, "!!seq into string; unit must be text"),
        type(12, "!!int `-1` into uint32; requests_per_unit must be a whole number, 0 or more"),
        type(13, "!!map into string; algorithm must be text"),
        type(14, "!!seq into string; on_error must be text"),
        type(16, "!!str `yes` into bool; unlimited must be true or false"),
        "rules.yaml:5: invalid rate limit unit 'minuet'" + UNITS,
        "rules.yaml:7: unknown algorithm 'token'; known are fixed_window, token_bucket,"
            + " leaky_bucket, sliding_window_log, sliding_window_counter",
        "rules.yaml:8: on_error is 'maybe'; it must be allow, deny or local");
  }

  @Test
  void valuesOfTheWrongType() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            shadow_mode: "yes"
            rate_limit: {unit: day, requests_per_unit: -1}
          - key: ip
            rate_limit: {unit: day, requests_per_unit: "12"}
            quota_mode: 1
          - key: {a: b}
          - key: team
            value: []
            rate_limit: unlimited
          - key: role
            rate_limit: {unit: {name: day}, unlimited: 0, replaces: old}
            metadata: text
            descriptors: {key: a}
        """,
        "rules.yaml:9: config error, unknown key 'a'",
        type(5, "!!int `-1` into uint32; requests_per_unit must be a whole number, 0 or more"),
        type(4, "!!str `yes` into bool; shadow_mode must be true or false"),
        type(7, "!!str `12` into uint32; requests_per_unit must be a whole number, 0 or more"),
        type(8, "!!int `1` into bool; quota_mode must be true or false"),
        type(9, "!!map into string; key must be text"),
        type(11, "!!seq into string; value must be text"),
        type(12, "!!str `unlimited` into config.YamlRateLimit; rate_limit must be a mapping"),
        type(14, "!!map into string; unit must be text"),
        type(14, "!!int `0` into bool; unlimited must be true or false"),
        type(14, "!!str `old` into []config.yamlReplaces; replaces must be a list"),
        type(15, "!!str `text` into map[string]interface {}; metadata must be a mapping"),
        type(16, "!!map into []config.YamlDescriptor; descriptors must be a list"));
  }

  @Test
  void collectionsWhereOneValueIsDue() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            quota_mode: []
            rate_limits:
              - {name: [], unit: day, requests_per_unit: {}}
        """,
        type(6, "!!seq into string; name must be text"),
        type(6, "!!map into uint32; requests_per_unit must be a whole number, 0 or more"),
        type(4, "!!seq into bool; quota_mode must be true or false"));
  }

  @Test
  void fileThatIsNoMapping() {
    assertProblems(
        "- domain: shop",
        type(1, "!!seq into map[interface {}]interface {}; a rules file is a mapping"));
    assertProblems(
        "a very long shop",
        type(
            1, "!!str `a very ...` into map[interface {}]interface {}; a rules file is a mapping"));
    assertProblems(
        "domain: {a: 1}\ndescriptors: text",
        "rules.yaml:1: config error, unknown key 'a'",
        type(1, "!!map into string; domain must be text"),
        type(2, "!!str `text` into []config.YamlDescriptor; descriptors must be a list"));
  }

  @Test
  void unitBesideUnlimited() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rate_limit:
              unlimited: true
              unit: Day
        """,
        "rules.yaml:6: should not specify rate limit unit when unlimited");
  }

  @Test
  void replacesNothingOrItself() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rate_limit: {unit: day, requests_per_unit: 1, name: own, replaces: [{name: own}]}
          - key: ip
            rate_limit:
              unlimited: true
              replaces:
                - name:
          - key: team
            rate_limits:
              - {name: a, unit: day, requests_per_unit: 1}
              - {name: b, unit: day, requests_per_unit: 1, replaces: [{name: a}]}
        """,
        "rules.yaml:4: replaces should not contain name of same descriptor: 'own'",
        "rules.yaml:8: should not have an empty replaces entry",
        "rules.yaml:13: replaces should not contain name of same descriptor: 'a'");
  }

  @Test
  void sharingWithoutWildcard() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            value: eve
            share_threshold: true
          - key: ip
            share_threshold: true
        """,
        "rules.yaml:5: share_threshold can only be used with wildcard values (containing '*'), but"
            + " found key 'user_eve'",
        "rules.yaml:7: share_threshold can only be used with wildcard values (containing '*'), but"
            + " found key 'ip'");
  }

  @Test
  void metadataThatNoMessageCanCarry() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            metadata:
              weight: -.inf
        """,
        "rules.yaml:5: error parsing metadata: JSON has no number -.inf; quote it");
  }

  @Test
  void unknownAlgorithm() {
    assertProblems(
        limit("algorithm: token-buckets, unit: day, requests_per_unit: 1"),
        "rules.yaml:4: unknown algorithm 'token-buckets'; known are fixed_window, token_bucket,"
            + " leaky_bucket, sliding_window_log, sliding_window_counter; did you mean"
            + " 'token_bucket'?");
  }

  @Test
  void burstOfAWindow() {
    assertProblems(
        limit("unit: day, requests_per_unit: 1, burst: 1"),
        "rules.yaml:4: burst has no meaning for fixed_window; leave it out, or choose token_bucket"
            + " or leaky_bucket");
  }

  @Test
  void burstThatIsRefusedIsFoundAtItsOwnLine() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rate_limit:
              algorithm: token_bucket
              unit: day
              requests_per_unit: 1
              burst: 0
          - key: ip
            rate_limit:
              algorithm: sliding_window_log
              unit: day
              requests_per_unit: 10001
        """,
        "rules.yaml:8: burst is 0; it must be 1 or more",
        "rules.yaml:13: requests_per_unit is 10001: a sliding_window_log of 10001 per 1 d"
            + " keeps up to 10001 entries for each identifier; the requests must be at most 10000,"
            + " or choose sliding_window_counter");
  }

  @Test
  void burstOfNothing() {
    assertProblems(
        limit("algorithm: token_bucket, unit: day, requests_per_unit: 1, burst: 0"),
        "rules.yaml:4: burst is 0; it must be 1 or more");
  }

  @Test
  void periodOfNoLength() {
    assertProblems(
        limit("unit: day, requests_per_unit: 1, unit_multiplier: 0"),
        "rules.yaml:4: unit_multiplier is 0; for the unit day it must be from 1 to 365000: a period"
            + " of zero length holds no request");
    assertProblems(
        limit("unit: day, requests_per_unit: 1, unit_multiplier: -1"),
        "rules.yaml:4: unit_multiplier is -1; for the unit day it must be from 1 to 365000");
    assertProblems(
        limit("unit: year, requests_per_unit: 1, unit_multiplier: 9223372036854775807"),
        "rules.yaml:4: unit_multiplier is 9223372036854775807; for the unit year it must be from 1"
            + " to 1000");
  }

  @Test
  void numbersThatCannotBeExact() {
    assertProblems(
        limit("algorithm: sliding_window_log, unit: hour, requests_per_unit: 10001"),
        "rules.yaml:4: requests_per_unit is 10001: a sliding_window_log of 10001 per 1 h"
            + " keeps up to 10001 entries for each identifier; the requests must be at most 10000,"
            + " or choose sliding_window_counter");
    assertProblems(
        limit("algorithm: sliding_window_counter, unit: day, requests_per_unit: 9999999999999"),
        "rules.yaml:4: requests_per_unit is 9999999999999: a sliding_window_counter of"
            + " 9999999999999 per 1 d cannot be counted exactly; the requests must be at"
            + " most 26687997791");
    assertProblems(
        limit("algorithm: token_bucket, unit: hour, requests_per_unit: 9999999999999999"),
        "rules.yaml:4: requests_per_unit is 9999999999999999: burst 9999999999999999 at"
            + " 9999999999999999 per 1 h cannot be counted exactly; the burst must be at most"
            + " 5764607523034");
    assertProblems(
        limit("algorithm: token_bucket, unit: hour, requests_per_unit: 7, burst: 999999999999999"),
        "rules.yaml:4: burst 999999999999999 at 7 per 1 h cannot be counted exactly; the"
            + " burst must be at most 640511947003");
  }

  @Test
  void unknownAnswerToErrors() {
    assertProblems(
        limit("unit: day, requests_per_unit: 1, on_error: panic"),
        "rules.yaml:4: on_error is 'panic'; it must be allow, deny or local");
  }

  @Test
  void weirsKeysBesideUnlimited() {
    for (String own :
        List.of("algorithm: fixed_window", "burst: 1", "unit_multiplier: 1", "on_error: deny")) {
      String key = own.substring(0, own.indexOf(':'));
      assertProblems(
          limit("unlimited: true, " + own),
          "rules.yaml:4: should not specify " + key + " when unlimited");
    }
  }

  @Test
  void aNameOfRateLimitInTheListBesideIt() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rate_limit: {name: a, unit: day, requests_per_unit: 1, replaces: [{name: b}]}
            rate_limits:
              - {name: a, unit: day, requests_per_unit: 1}
              - {name: b, unit: day, requests_per_unit: 1}
        """,
        "rules.yaml:4: replaces should not contain name of same descriptor: 'b'",
        "rules.yaml:6: the name 'a' is that of rate_limit, too; each needs its own");
  }

  @Test
  void limitsOfAListWithoutNamesOfTheirOwn() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rate_limits:
              - unit: day
                requests_per_unit: 1
              - {name: a, unit: day, requests_per_unit: 1}
              - {name: a, unit: hour, requests_per_unit: 1}
        """,
        "rules.yaml:5: a limit of rate_limits has no name; each needs one, its state is kept by it",
        "rules.yaml:8: the name 'a' occurs twice in rate_limits; each needs its own");
  }

  @Test
  void weirsKeysInTheWrongPlace() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            burst: 5
            rate_limit:
              unit: day
              requests_per_unit: 1
              rate_limits: []
        """,
        "rules.yaml:4: config error, unknown key 'burst' in a descriptor; it belongs under"
            + " rate_limit",
        "rules.yaml:8: config error, unknown key 'rate_limits' under rate_limit; it belongs in a"
            + " descriptor");
  }

  @Test
  void typesOfWeirsKeys() {
    assertProblems(
        limit("unit: day, requests_per_unit: 1, burst: many, unit_multiplier: true"),
        type(4, "!!str `many` into int64; burst must be a whole number"),
        type(4, "!!bool `true` into int64; unit_multiplier must be a whole number"));
  }

  @Test
  void unreadableLimitsOfAListAreNotMissingNamesToo() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            rate_limits:
              - {name: [], unit: day, requests_per_unit: 1}
              - {name: {}, unit: day, requests_per_unit: 1}
        """,
        type(5, "!!seq into string; name must be text"),
        type(6, "!!map into string; name must be text"));
  }

  @Test
  void whatIsCitedIsShortenedWhereItIsLong() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            shadow_mode: ten-letter
          - key: ip
            shadow_mode: more-letters
        """,
        type(4, "!!str `ten-letter` into bool; shadow_mode must be true or false"),
        type(6, "!!str `more-le...` into bool; shadow_mode must be true or false"));
  }

  @ParameterizedTest
  @CsvSource({
    "-9223372036854775808, cannot unmarshal !!int `-922337...` into uint32",
    "-9223372036854775809, error checking config: requests_per_unit is -9223372036854775809;",
    "18446744073709551615, error checking config: requests_per_unit is 18446744073709551615;",
    "18446744073709551616, error checking config: requests_per_unit is 18446744073709551616;",
    "_1, cannot unmarshal !!str `_1` into uint32"
  })
  void wholeNumbersAreThoseThatFit(String written, String problem) {
    List<String> problems =
        problems(new RulesFile("rules.yaml", limit("unit: day, requests_per_unit: " + written)));
    assertThat(problems).singleElement().asString().contains(problem);
  }

  @Test
  void asManyProblemsAsAreListedAreListedAlone() {
    StringBuilder yaml = new StringBuilder("domain: shop\ndescriptors:\n");
    yaml.append("- {key: ''}\n".repeat(20));
    assertThat(problems(new RulesFile("rules.yaml", yaml.toString())))
        .hasSize(20)
        .allSatisfy(problem -> assertThat(problem).endsWith("descriptor has empty key"));
  }

  @Test
  void moreProblemsThanAnybodyReads() {
    StringBuilder yaml = new StringBuilder("domain: shop\ndescriptors:\n");
    yaml.append("- {key: ''}\n".repeat(25));
    List<String> problems = problems(new RulesFile("rules.yaml", yaml.toString()));
    assertThat(problems).hasSize(21);
    assertThat(problems.get(0)).isEqualTo("rules.yaml:3: descriptor has empty key");
    assertThat(problems.get(20)).isEqualTo("... and 5 more");
  }

  @Test
  void firstProblemIsTheOneThatEnvoyReports() {
    assertProblems(
        """
        domain: shop
        descriptors:
          - key: user
            share_threshold: true
            rate_limit: {unit: eon, requests_per_unit: 1}
          - key: ip
            shadow_mode: 5
          - key: team
            sahdow_mode: true
        """,
        "rules.yaml:9: config error, unknown key 'sahdow_mode'; did you mean 'shadow_mode'?",
        type(7, "!!int `5` into bool; shadow_mode must be true or false"),
        "rules.yaml:5: invalid rate limit unit 'eon'" + UNITS,
        "rules.yaml:4: share_threshold can only be used with wildcard values (containing '*'), but"
            + " found key 'user'");
  }

  private static String limit(String keys) {
    return "domain: shop\ndescriptors:\n  - key: user\n    rate_limit: {" + keys + "}\n";
  }

  private static String type(int line, String what) {
    return "rules.yaml:" + line + ": " + UNMARSHAL + line + ": cannot unmarshal " + what;
  }

  private static void assertProblems(String yaml, String... expected) {
    assertThat(problems(new RulesFile("rules.yaml", yaml))).containsExactly(expected);
  }

  private static List<String> problems(RulesFile... files) {
    RulesException refused =
        catchThrowableOfType(
            RulesException.class, () -> RulesReader.standard().read(List.of(files)));
    assertThat(refused).isNotNull();
    assertThat(refused).hasMessage(String.join("\n", refused.problems()));
    return refused.problems();
  }
}
