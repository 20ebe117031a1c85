package io.weir.limiter.http;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.LogLines;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RulesException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Limits that a line turns off, or that another limit replaces. */
class HttpRulesReplacedTest extends HttpRulesKit {
  @Test
  void aLimitCanBeTurnedOff() {
    HttpRules rules =
        HttpRules.builder("api")
            .rules(
                DomainRules.of("api", key("user").limit(RuleLimit.perMinute(3).named("per-user"))))
            .environment(Map.of("WEIR_LIMITS_PER_USER", "off"))
            .build();

    assertThat(rules.rules().descriptors())
        .singleElement()
        .satisfies(user -> assertThat(user.limits()).isEmpty());
    assertThatThrownBy(() -> line("off"))
        .hasMessage(
            "WEIR_LIMITS_LOGIN is 'off': there is no limit login to turn off; there is none at all");
  }

  @Test
  void aSettingOfFalseIsOffAndOfWhatIsNotThereIsOnlyWarnedOf() {
    HttpRules rules =
        HttpRules.builder("api")
            .limit("per-user", "3/minute by user")
            .setting("weir.limits.per-user", "per-user", "false")
            .setting("weir.limits.unknown", "unknown", "off")
            .build();

    assertThat(rules.rules().descriptors())
        .singleElement()
        .satisfies(user -> assertThat(user.limits()).isEmpty());
  }

  @Test
  void aLimitThatNoVariableCanSayNeedsAName() {
    assertThatThrownBy(
            () ->
                HttpRules.builder("api")
                    .rules(key("method", "POST").limit(RuleLimit.perMinute(3)))
                    .environment(Map.of("WEIR_LIMITS_API_METHOD_POST", "off"))
                    .build())
        .hasMessage(
            "WEIR_LIMITS_API_METHOD_POST is 'off': there is no limit api-method-post to turn off;"
                + " there are [api.method_POST]; 'api.method_POST' can only be turned off if it"
                + " has a name of its own");
  }

  @Test
  void whatALineReplacesMustBeThere() {
    String health = "GET /health unlimited by address replaces=defualt";
    HttpRules.Builder rules =
        HttpRules.builder("api")
            .limit("default", "100/minute by address")
            .rules(key("user").limit(RuleLimit.perDay(1)));
    assertThatThrownBy(() -> rules.environment(Map.of("WEIR_LIMITS_HEALTH", health)).build())
        .isInstanceOf(RulesException.class)
        .hasMessage(
            "WEIR_LIMITS_HEALTH is '"
                + health
                + "': there is no limit named defualt to replace; there are [default, health]; did"
                + " you mean 'default'?");
    assertThatThrownBy(() -> HttpRules.builder("api").limit("health", health).build())
        .hasMessageStartingWith("the limit health is '" + health + "': there is no limit named");
    try (LogLines logged = LogLines.of(HttpRules.class)) {
      // Settings may be for several applications.
      assertThat(
              HttpRules.builder("api")
                  .setting("weir.limits.health", "health", health)
                  .build()
                  .rules()
                  .descriptors())
          .hasSize(1);
      assertThat(logged.messages())
          .containsExactly(
              "weir.limits.health is '"
                  + health
                  + "': there is no limit named defualt to replace; there are [health]");
    }
  }

  @Test
  void aLineCannotReplaceWhatIsInItsOwnPlace() {
    String line = "5/minute by address replaces=default,code";
    assertThatThrownBy(
            () ->
                HttpRules.builder("api")
                    .limit("default", "100/minute by address")
                    .limit("code", "GET /c 7/minute by address")
                    .environment(Map.of("WEIR_LIMITS_A", line))
                    .build())
        .isInstanceOf(RulesException.class)
        .hasMessage(
            "WEIR_LIMITS_A is '"
                + line
                + "': it cannot replace default, which is of the same requests by the same"
                + " attributes; turn that off instead");
  }

  @Test
  void whatAFileReplacesIsWarnedOfUnlessAnotherLayerHasIt() {
    String yaml =
        """
        domain: api
        descriptors:
          - key: address
            rate_limit: {unlimited: true, replaces: [{name: of-code}, {name: of-setting}]}
          - key: user
            rate_limit: {unlimited: true, replaces: [{name: of-cod}]}
        """;
    try (LogLines logged = LogLines.of(HttpRules.class)) {
      HttpRules rules =
          HttpRules.builder("api")
              .limit("of-code", "1/day by all")
              .file("r.yaml", yaml)
              .environment(Map.of("WEIR_LIMITS_OF_SETTING", "2/day by all"))
              .build();
      assertThat(logged.messages())
          .containsExactly(
              "r.yaml:6: replaces names 'of-cod', but no limit of this domain has that name; named"
                  + " are of-code, of-setting; did you mean 'of-code'?");
      assertThat(rules).hasToString("HttpRules[api: api.address, api.user, of-code, of-setting]");
    }
  }
}
