package io.weir.limiter.rule;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.perDay;
import static io.weir.limiter.rule.RuleLimit.perHour;
import static io.weir.limiter.rule.RuleLimit.perMinute;
import static io.weir.limiter.rule.RuleLimit.perSecond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.LogLines;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.RuleLimit.Limited;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files say is what code says; and what is odd but accepted. */
class RulesReaderTest {
  private final RulesReader reader = RulesReader.standard();

  @Test
  void readsWhatEnvoyproxyRatelimitKnows() {
    DomainRules rules =
        reader.read(
            "rules.yaml",
            """
            # every key at least once
            domain: shop
            descriptors:
              - key: user
                value: "4*"
                shadow_mode: true
                share_threshold: true
                metadata:
                  tier: gold
                rate_limit:
                  name: fours
                  replaces:
                    - name: team-default
                  unit: MINUTE
                  requests_per_unit: 0x10
                descriptors:
                  - key: endpoint
                    value:
                    quota_mode: on
                    detailed_metric: y
                    value_to_metric: true
                    rate_limit: {unit: Second, requests_per_unit: 5}
              - key: user
                value: 42
              - key: team
                rate_limit: {unlimited: true}
            """);
    assertThat(rules)
        .isEqualTo(
            DomainRules.of(
                "shop",
                key("user", "4*")
                    .shadow()
                    .shareThreshold()
                    .metadata(Metadata.ofJson("{\"tier\":\"gold\"}"))
                    .limit(perMinute(16).named("fours").replacing("team-default"))
                    .with(
                        key("endpoint")
                            .quota()
                            .detailedMetric()
                            .valueToMetric()
                            .limit(perSecond(5))),
                key("user", "42"),
                key("team").unlimited()));
  }

  @Test
  void readsWeirsOwnKeys() {
    DomainRules rules =
        reader.read(
            "rules.yaml",
            """
            domain: shop
            descriptors:
              - key: user
                rate_limits:
                  - {name: short, unit: second, unit_multiplier: 30, requests_per_unit: 7}
                  - name: long
                    algorithm: token_bucket
                    unit: hour
                    requests_per_unit: 100
                    burst: 20
                    on_error: LOCAL
              - key: ip
                rate_limit: {algorithm: leaky_bucket, unit: day, requests_per_unit: 9, burst: 9}
              - key: both
                rate_limits:
                  - {name: second, unit: week, requests_per_unit: 2}
                rate_limit: {unit: day, requests_per_unit: 1}
              - key: one
                rate_limit: {unit: day, requests_per_unit: 1}
                rate_limits: []
              - key: none
                rate_limits: []
            """);
    assertThat(rules)
        .isEqualTo(
            DomainRules.of(
                "shop",
                key("user")
                    .limits(
                        perSecond(7).times(30).named("short"),
                        perHour(100)
                            .algorithm(new TokenBucket())
                            .burst(20)
                            .onError(OnError.LOCAL)
                            .named("long")),
                key("ip").limit(perDay(9).algorithm(new LeakyBucket())),
                key("both").limit(perDay(1)).limits(RuleLimit.per(2, "week").named("second")),
                key("one").limit(perDay(1)),
                key("none")));
  }

  @ParameterizedTest
  @CsvSource({
    "second, 1000",
    "MINUTE, 60000",
    "Hour, 3600000",
    "day, 86400000",
    "weeK, 604800000",
    "month, 2592000000",
    "year, 31536000000"
  })
  void unitsHaveTheLengthsOfEnvoyproxyRatelimit(String unit, long millis) {
    assertThat(limit("unit: " + unit + ", requests_per_unit: 3").limit())
        .isEqualTo(new Limit(new FixedWindow(), 3, millis, 3));
  }

  @Test
  void longestPeriodIsAThousandYears() {
    assertThat(limit("unit: year, unit_multiplier: 1000, requests_per_unit: 3").limit())
        .isEqualTo(new Limit(new FixedWindow(), 3, Limit.MAX_PERIOD_MILLIS, 3));
  }

  @Test
  void flagsCanBeSpeltOut() {
    assertThat(
            reader.read(
                "rules.yaml",
                "domain: shop\ndescriptors: [{key: a, shadow_mode: false, quota_mode: no}]"))
        .isEqualTo(DomainRules.of("shop", key("a")));
  }

  @Test
  void starOfAKeyIsEnoughForSharingAsInEnvoyproxyRatelimit() {
    assertThat(
            reader.read(
                "rules.yaml", "domain: shop\ndescriptors: [{key: '*user', share_threshold: true}]"))
        .isEqualTo(DomainRules.of("shop", key("*user").shareThreshold()));
  }

  @Test
  void fixedWindowLoadsHoweverLarge() {
    assertThat(limit("unit: year, requests_per_unit: 9223372036854775807").limit().requests())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void limitOfNothingDeniesAll() {
    assertThat(limit("unit: day, requests_per_unit: 0").limit().requests()).isZero();
  }

  @Test
  void ownAlgorithmCanBeNamed() {
    DomainRules rules =
        new RulesReader(io.weir.limiter.algorithm.Algorithms.standard().with(new OwnAlgorithm()))
            .read("rules.yaml", file("algorithm: own, unit: day, requests_per_unit: 3"));
    assertThat(rules)
        .isEqualTo(
            DomainRules.of("shop", key("user").limit(perDay(3).algorithm(new OwnAlgorithm()))));
  }

  @Test
  void filesOfOneDomainCanBeMerged() {
    LoadedRules loaded =
        reader
            .mergingDomains()
            .read(
                List.of(
                    new RulesFile("a.yaml", "domain: shop\ndescriptors: [{key: a}]"),
                    new RulesFile("b.yaml", "domain: other"),
                    new RulesFile("c.yaml", "domain: shop\ndescriptors: [{key: b}]")));
    assertThat(loaded.domains())
        .containsExactly(DomainRules.of("shop", key("a"), key("b")), DomainRules.of("other"));
  }

  @Test
  void readsFilesByPath(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("rules.yaml"), "\uFEFFdomain: sh\u00f6p");
    assertThat(reader.read(file)).isEqualTo(DomainRules.of("sh\u00f6p"));
  }

  @Test
  void fileThatCannotBeReadIsSaidSo(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("none.yaml");
    assertThatThrownBy(() -> reader.read(missing))
        .isInstanceOf(RulesException.class)
        .hasMessage(missing + ": there is no such file");
    Path binary = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', (byte) 0xE9});
    assertThatThrownBy(() -> reader.read(binary))
        .isInstanceOf(RulesException.class)
        .hasMessage(binary + ": the file is not UTF-8 text");
    assertThatThrownBy(() -> reader.read(folder))
        .isInstanceOf(RulesException.class)
        .hasMessage(folder + ": is a directory; name a file in it");
    Path belowAFile = binary.resolve("rules.yaml");
    assertThatThrownBy(() -> reader.read(belowAFile))
        .isInstanceOf(RulesException.class)
        .hasMessage(belowAFile + ": the file cannot be read: Not a directory")
        .hasCauseInstanceOf(FileSystemException.class);
  }

  @Test
  void whyAFileCannotBeReadIsSaidAsFarAsItIsKnown(@TempDir Path folder) {
    Path file = folder.resolve("rules.yaml");
    assertThat(RulesFile.reason(file, new AccessDeniedException(file.toString())))
        .isEqualTo("the file cannot be read: this user may not");
    assertThat(RulesFile.reason(file, new IOException("Input/output error")))
        .isEqualTo("the file cannot be read: Input/output error");
    assertThat(RulesFile.reason(file, new FileSystemException(file.toString())))
        .isEqualTo("the file cannot be read");
  }

  @Test
  void rulesWithoutAnyLimitAreWarnedOf() {
    String warning =
        "rules.yaml:1: no rule of the domain 'shop' has a limit; all its requests are allowed";

    assertThat(warnings("domain: shop\n")).containsExactly(warning);
    String tree = "domain: shop\ndescriptors:\n  - key: a\n    descriptors:\n      - key: b\n";
    assertThat(warnings(tree).stream().map(it -> it.replace(":2:", ":1:")))
        .containsExactly(warning);
    String limit = "        rate_limit: ";
    assertThat(
            warnings(tree + limit + "{unlimited: true}\n").stream()
                .map(it -> it.replace(":2:", ":1:")))
        .containsExactly(warning);
    assertThat(warnings(tree + limit + "{unit: day, requests_per_unit: 1}\n")).isEmpty();
  }

  @Test
  void warnsOfWhatWasHardlyMeantSo() {
    LoadedRules loaded =
        reader.read(
            List.of(
                new RulesFile(
                    "rules.yaml",
                    """
                    domain: shop
                    descriptors:
                      - key: us*er
                        rate_limit:
                          unit: day
                          shadow_mode: true
                      - key: path
                        rate_limit:
                          name: paths
                          unit: day
                          requests_per_unit: 1
                          replaces: [{name: pathz}]
                        descriptors:
                          - key: path
                            shadow_mode: true
                            quota_mode: true
                          - {key: path_a, value: b}
                      - {key: path, value: a_b}
                      - {key: path_a, value: b}
                    """)));
    assertThat(loaded.domains()).hasSize(1);
    assertThat(loaded.warnings())
        .containsExactly(
            "rules.yaml:6: the key 'shadow_mode' has no effect under rate_limit; it belongs in a"
                + " descriptor",
            "rules.yaml:3: the '*' in a key is an ordinary character, not a wildcard",
            "rules.yaml:5: requests_per_unit is missing; it counts as 0, which denies all requests",
            "rules.yaml:14: a descriptor above has the key 'path' too; events never match both,"
                + " only explicit descriptors do",
            "rules.yaml:16: quota_mode has no effect beside shadow_mode",
            "rules.yaml:19: another descriptor goes by 'shop.path_a_b' too; give their limits"
                + " names",
            "rules.yaml:12: replaces names 'pathz', but no limit of this domain has that name;"
                + " named are paths; did you mean 'paths'?");
  }

  @Test
  void warnsOfEachLimitOfAListAndOfAStarThatBeginsAKey() {
    assertThat(
            warnings(
                """
                domain: shop
                descriptors:
                  - key: "*user"
                    rate_limits:
                      - {name: a, unit: day}
                      - {name: b, unit: day, requests_per_unit: 1, replaces: [{name: nobody}]}
                """))
        .containsExactly(
            "rules.yaml:3: the '*' in a key is an ordinary character, not a wildcard",
            "rules.yaml:5: requests_per_unit is missing; it counts as 0, which denies all requests",
            "rules.yaml:6: replaces names 'nobody', but no limit of this domain has that name;"
                + " named are a, b");
  }

  @Test
  void namesNotMoreThanAPersonReads() {
    StringBuilder limits = new StringBuilder();
    for (int i = 10; i < 40; i++) {
      limits.append("{name: n" + i + ", unlimited: true}, ");
    }
    assertThat(
            warnings(
                "domain: shop\ndescriptors:\n  - key: user\n    rate_limits: ["
                    + limits
                    + "{name: z, unit: day, requests_per_unit: 1, replaces: [{name: nobody}]}]"))
        .singleElement()
        .asString()
        .contains("named are n10, n11,")
        .endsWith(" n29, …");
  }

  @Test
  void whoReadsOneFileIsToldWarningsByTheLog() {
    try (LogLines logged = LogLines.of(RulesReader.class)) {
      DomainRules rules =
          reader.read(
              "rules.yaml",
              """
              domain: shop
              descriptors:
                - key: user
                  rate_limit: {unit: day, requests_per_unit: 1, replaces: [{name: x}]}
              """);
      assertThat(rules.domain()).isEqualTo("shop");
      assertThat(logged.messages())
          .containsExactly(
              "rules.yaml:4: replaces names 'x', but no limit of this domain has that name");
    }
  }

  @Test
  void doesNotWarnOfWhatIsMeantSo() {
    assertThat(
            warnings(
                """
                domain: shop
                descriptors:
                  - key: user
                    shadow_mode: true
                    rate_limit: {name: users, unit: day, requests_per_unit: 0}
                  - key: team
                    quota_mode: true
                    rate_limit: {unlimited: true, replaces: [{name: users}]}
                """))
        .isEmpty();
  }

  @Test
  void limitWithoutANameIsNoSuggestion() {
    assertThat(
            warnings(
                """
                domain: shop
                descriptors:
                  - key: user
                    rate_limit: {unit: day, requests_per_unit: 1, replaces: [{name: x}]}
                """))
        .containsExactly(
            "rules.yaml:4: replaces names 'x', but no limit of this domain has that name");
  }

  private List<String> warnings(String yaml) {
    return reader.read(List.of(new RulesFile("rules.yaml", yaml))).warnings();
  }

  private Limited limit(String keys) {
    DomainRules rules = reader.read("rules.yaml", file(keys));
    return (Limited) rules.descriptors().get(0).limits().get(0);
  }

  private static String file(String keys) {
    return "domain: shop\ndescriptors: [{key: user, rate_limit: {" + keys + "}}]";
  }

  @Test
  void periodsInCodeAreToldInTheLongestUnit() {
    assertThat(DomainRules.of("shop", key("a").limit(perSecond(5).every(Duration.ofDays(2)))))
        .isEqualTo(DomainRules.of("shop", key("a").limit(perDay(5).times(2))));
    assertThat(DomainRules.of("shop", key("a").limit(perDay(5).every(Duration.ofSeconds(61)))))
        .isEqualTo(DomainRules.of("shop", key("a").limit(perSecond(5).times(61))));
    assertThatThrownBy(() -> perDay(5).every(Duration.ofMillis(500)))
        .isInstanceOf(RulesException.class)
        .hasMessage("the period 500 ms is not a whole number of seconds; rules count in seconds");
    assertThatThrownBy(() -> DomainRules.of("shop", key("a").limit(perDay(5).every(Duration.ZERO))))
        .isInstanceOf(RulesException.class)
        .hasMessage(
            "shop.a: unit_multiplier is 0; for the unit second it must be from 1 to 31536000000: a"
                + " period of zero length holds no request");
  }
}
