package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.LogLines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class UnknownSettingsTest {
  private static List<String> found(String... names) {
    StandardEnvironment environment = empty();
    for (String name : names) {
      environment.getPropertySources().addFirst(new MapPropertySource(name, Map.of(name, "x")));
    }
    return UnknownSettings.in(environment);
  }

  private static List<String> foundVariable(String name) {
    StandardEnvironment environment = empty();
    environment
        .getPropertySources()
        .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", Map.of(name, "x")));
    return UnknownSettings.in(environment);
  }

  /** Without what this process was started with. */
  private static StandardEnvironment empty() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .forEach(source -> environment.getPropertySources().remove(source.getName()));
    return environment;
  }

  @Test
  void propertiesThatAreNoSettingsAreToldWithWhatTheyMayBeMeantToBe() {
    assertThat(found("weir.limit.x", "weir.bakend", "weir.filter.skipp", "weir.unheard-of"))
        .containsExactly(
            "weir.bakend is no setting of Weir and is ignored; did you mean 'weir.backend'?",
            "weir.filter.skipp is no setting of Weir and is ignored; did you mean"
                + " 'weir.filter.skip'?",
            "weir.limit.x is no setting of Weir and is ignored; did you mean 'weir.limits'?",
            "weir.unheard-of is no setting of Weir and is ignored");
  }

  @Test
  void settingsAreNotToldHoweverTheyAreSpelt() {
    assertThat(
            found(
                "weir.limits.unheard-of",
                "weir.limits.a.b",
                "weir.rules[0]",
                "weir.maxWait",
                "weir.max_wait",
                "weir.redis.key-prefix",
                "weir.filter.skip[1]",
                "weir.filter.attributes.tenant",
                "weir.outbound.github.requests",
                "other.bakend"))
        .isEmpty();
  }

  @Test
  void variablesAreToldWhereTheyLookLikeASlip() {
    for (String name :
        List.of(
            "WEIR_FILTER_TRUSTED_PROXIES",
            "WEIR_FILTER_TRUSTEDPROXIES",
            "WEIR_RULES_0",
            "WEIR_LIMITS_A_B",
            "WEIR_SERVICE_HOST",
            "WEIR_PORT_8080_TCP_ADDR",
            "WEIR_REDIS_PORT")) {
      assertThat(foundVariable(name)).as(name).isEmpty();
    }
    assertThat(foundVariable("WEIR_LIMIT_FOO"))
        .containsExactly(
            "WEIR_LIMIT_FOO is no setting of Weir and is ignored; did you mean 'weir.limits'?");
    assertThat(foundVariable("WEIR_FILTER_TRUSTED_PROXY"))
        .singleElement()
        .asString()
        .contains("did you mean 'weir.filter.trusted-proxies'?");
  }

  @Test
  void theyAreLoggedAtTheStart() {
    try (LogLines lines = LogLines.of(WeirAutoConfiguration.class)) {
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class))
          .withPropertyValues("weir.bakend=redis")
          .run(context -> assertThat(context).hasNotFailed());

      assertThat(lines.messages())
          .contains(
              "weir.bakend is no setting of Weir and is ignored; did you mean 'weir.backend'?");
    }
  }

  @Test
  void aSettingThatOneSourceSpellsInTwoWaysIsTold() {
    StandardEnvironment environment = empty();
    environment
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "application.yml",
                Map.of(
                    "weir.filter.max-waiting", 5,
                    "weir.filter.maxWaiting", 7,
                    "weir.limits.per-user", "x",
                    "weir.limits.perUser", "x",
                    "weir.filter.attributes.t-t", "x",
                    "weir.filter.attributes.tT", "x",
                    "weir.rules[0]", "x",
                    "weir.rules[1]", "x",
                    "other.max-waiting", 1,
                    "other.maxWaiting", 1)));
    environment
        .getPropertySources()
        .addLast(new MapPropertySource("defaults", Map.of("weir.filter.max_waiting", 9)));

    assertThat(RepeatedSettings.in(environment))
        .containsExactly(
            "weir.filter.max-waiting and weir.filter.maxWaiting are one setting, and both are in"
                + " application.yml; write it once");
  }
}
