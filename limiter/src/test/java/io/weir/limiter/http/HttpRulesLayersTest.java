package io.weir.limiter.http;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code, files and settings that give rules together: which one wins, and what stays. */
class HttpRulesLayersTest extends HttpRulesKit {
  @Test
  void theEnvironmentWinsOverTheFileAndTheFileOverCode(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("rules.yaml"),
            """
            domain: api
            descriptors:
              - key: user
                rate_limit: {unit: minute, requests_per_unit: 2, name: per-user}
              - key: address
                rate_limit: {unit: minute, requests_per_unit: 2}
                descriptors:
                  - key: route
                    value: POST /login
                    rate_limit: {unit: minute, requests_per_unit: 2, name: login}
            """);

    HttpRules rules =
        HttpRules.builder("api")
            .environment(Map.of("WEIR_LIMITS_LOGIN", "PUT /login 1/minute by user"))
            .file(file)
            .rules(
                key("user").limit(RuleLimit.perMinute(3).named("per-user-of-code")),
                key("address").limit(RuleLimit.perMinute(3)))
            .limit("per-user", "3/minute by api_key")
            .limit("login", "3/minute by api_key")
            .build();

    assertThat(rules.rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("user")
                    .limit(RuleLimit.perMinute(3).named("per-user-of-code"))
                    .limits(RuleLimit.perMinute(2).named("per-user"))
                    .with(key("route", "PUT /login").limits(RuleLimit.perMinute(1).named("login"))),
                key("address").limit(RuleLimit.perMinute(2)).with(key("route", "POST /login")),
                key("api_key").limits(List.of())));
    assertThat(rules.keys()).isEqualTo(Map.of("login", List.of("user", "route")));
  }

  @Test
  void settingsOfAFrameworkStandWhereTheEnvironmentDoes() {
    assertThatThrownBy(
            () -> HttpRules.builder("api").setting("weir.limits.log.in", "log.in", "x").build())
        .hasMessageStartingWith("weir.limits.log.in is 'x': 'x' is no rate");
    assertThat(
            HttpRules.builder("api")
                .setting("weir.limits.log.in", "log.in", "5/minute by user")
                .build()
                .keys())
        .containsOnlyKeys("log-in");
  }

  @Test
  void whatIsWatchedFollowsItsFilesAndStaysWhereTheyMakeNoSense(@TempDir Path directory)
      throws Exception {
    Path file = Files.writeString(directory.resolve("rules.yaml"), yaml("user", 1));
    HttpRules.Builder builder =
        HttpRules.builder("api")
            .file(file)
            .file("text.yaml", yaml("account", 2))
            .environment(Map.of("WEIR_LIMITS_DEFAULT", "100/minute by address"));
    try (RulesWatch<HttpRules> rules = builder.watch(Duration.ofMillis(5))) {
      HttpRules first = rules.get();
      assertThat(first.rules()).isEqualTo(builder.build().rules());
      builder.limit("later", "1/day by all");

      Files.writeString(file, yaml("user", -1));
      Awaitility.await().untilAsserted(() -> assertThat(rules.trouble()).isPresent());
      assertThat(rules.trouble().orElseThrow()).startsWith(file + ":3: ");
      assertThat(rules.get()).isSameAs(first);

      Files.writeString(file, yaml("address", 3));
      Awaitility.await().untilAsserted(() -> assertThat(rules.get()).isNotSameAs(first));
      assertThat(rules.trouble()).isEmpty();
      assertThat(rules.get().rules().descriptors())
          .extracting(Descriptor::key)
          .containsExactly("address", "account");
      assertThat(rules.get().keys()).containsOnlyKeys("default");
    }
    assertThatThrownBy(() -> HttpRules.builder("api").watch(Duration.ofSeconds(1)))
        .hasMessage("there is nothing to watch; name a rules file by its path: file(Path.of(…))");
  }

  private static String yaml(String key, int limit) {
    return """
    domain: api
    descriptors:
      - {key: %s, rate_limit: {unit: day, requests_per_unit: %d}}
    """
        .formatted(key, limit);
  }

  @Test
  void everythingElseOfTheLayersBelowStays() {
    DomainRules code =
        DomainRules.of(
            "api",
            key("user", "4*")
                .shareThreshold()
                .detailedMetric()
                .valueToMetric()
                .metadata("{\"a\": 1}")
                .shadow()
                .limit(
                    RuleLimit.perMinute(3)
                        .named("four")
                        .algorithm(new LeakyBucket())
                        .burst(7)
                        .replacing("five")
                        .onError(OnError.LOCAL)),
            key("user", "5").quota().limits(RuleLimit.perSecond(9).times(7).named("five")),
            key("user", "6").unlimited());

    assertThat(
            HttpRules.builder("api")
                .rules(code)
                .limit("more", "1/minute by address")
                .build()
                .rules()
                .descriptors())
        .startsWith(code.descriptors().toArray(new Descriptor[0]))
        .hasSize(4);
    assertThat(code.descriptors().get(0).metadata()).isPresent();
  }

  @Test
  void whatAnUpperLayerOnlyPassesThroughStaysAsItIsBelow() {
    HttpRules rules =
        HttpRules.builder("api")
            .rules(key("user").shadow().limit(RuleLimit.perMinute(3)))
            .file(
                "rules.yaml",
                """
                domain: api
                descriptors:
                  - key: user
                    descriptors:
                      - {key: ip, rate_limit: {unit: day, requests_per_unit: 9}}
                """)
            .build();

    assertThat(rules.rules())
        .isEqualTo(
            DomainRules.of(
                "api",
                key("user")
                    .shadow()
                    .limit(RuleLimit.perMinute(3))
                    .with(key("ip").limit(RuleLimit.perDay(9)))));
  }

  private static HttpRules.Builder shadowInTheFile() {
    return HttpRules.builder("api")
        .file(
            "rules.yaml",
            """
            domain: api
            descriptors:
              - key: address
                shadow_mode: true
                rate_limit: {unit: minute, requests_per_unit: 9, name: tried}
            """);
  }

  @Test
  void flagsOfANodeDoNotPassToLimitsOfOtherLayers() {
    assertThatThrownBy(
            () ->
                shadowInTheFile()
                    .environment(Map.of("WEIR_LIMITS_REAL", "1/minute by address"))
                    .build())
        .isInstanceOf(RulesException.class)
        .hasMessage(
            "WEIR_LIMITS_REAL is '1/minute by address': the limits real and tried are of one"
                + " descriptor, which has flags for both: real has none of these, tried has"
                + " shadow_mode; give both the same, or replace the one under its name");
    assertThatThrownBy(
            () ->
                shadowInTheFile()
                    .rules(key("address").quota().limit(RuleLimit.perMinute(3).named("real")))
                    .build())
        .hasMessageContaining("tried has shadow_mode, real has quota_mode");
    assertThatThrownBy(
            () ->
                HttpRules.builder("api")
                    .rules(
                        key("user", "4*")
                            .with(key("ip").limit(RuleLimit.perMinute(3).named("real"))))
                    .rules(
                        key("user", "4*")
                            .shareThreshold()
                            .limit(RuleLimit.perMinute(3).named("shared")))
                    .build())
        .hasMessageContaining("shared has share_threshold, real has none of these");
  }

  @Test
  void flagsThatAgreeStayAndThoseOfALimitThatIsReplacedOrOffGo() {
    Descriptor both =
        shadowInTheFile()
            .rules(key("address").shadow().limit(RuleLimit.perMinute(3).named("more")))
            .build()
            .rules()
            .descriptors()
            .get(0);
    assertThat(both.limits()).hasSize(2);
    assertThat(both.isShadow()).isTrue();

    Map<String, String> replaced = Map.of("WEIR_LIMITS_TRIED", "1/minute by address");
    Map<String, String> off =
        Map.of("WEIR_LIMITS_A", "1/minute by address", "WEIR_LIMITS_TRIED", "off");
    for (Map<String, String> variables : List.of(replaced, off)) {
      HttpRules.Builder rules = shadowInTheFile();
      Descriptor one = rules.environment(variables).build().rules().descriptors().get(0);
      assertThat(one.limits()).hasSize(1);
      assertThat(one.isShadow()).isFalse();
    }
  }

  @Test
  void aLimitKeepsItsStateWhereAnUpperLayerPutsOthersBesideIt() {
    HttpRules.Builder rules =
        HttpRules.builder("api").rules(key("address").limit(RuleLimit.perDay(100)));
    assertThat(stateKeys(rules)).containsExactly("api/address=::1|#".replace(":", "%3A"));

    rules.file(
        "rules.yaml",
        """
        domain: api
        descriptors:
          - {key: address, rate_limit: {name: of-file, unit: hour, requests_per_unit: 50}}
        """);
    rules.environment(Map.of("WEIR_LIMITS_BURST", "5/second by address"));
    assertThat(stateKeys(rules))
        .containsExactly(
            "api/address=%3A%3A1|#", "api/address=%3A%3A1|#of-file", "api/address=%3A%3A1|#burst");
  }

  private static List<String> stateKeys(HttpRules.Builder rules) {
    return rules
        .build()
        .ruleSet()
        .match("api", Map.of("address", "::1"))
        .identifiers()
        .get(0)
        .limits()
        .stream()
        .map(ApplicableLimit::stateKey)
        .toList();
  }

  @Test
  void rulesOfAnotherDomainAreRefused() {
    DomainRules other = DomainRules.of("other", key("user").limit(RuleLimit.perMinute(1)));
    assertThatThrownBy(() -> HttpRules.builder("api").rules(other))
        .hasMessage("the rules given in code are of the domain 'other'; they must be of 'api'");
    assertThatThrownBy(
            () ->
                HttpRules.builder("api").file("r.yaml", "domain: other\ndescriptors: []\n").build())
        .hasMessageContaining("the domain 'other'; they must be of 'api'");
  }
}
