package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.LogLines;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class LimitSettingsTest {
  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class));

  /** As Spring Boot has them: the command line, then the environment, then files. */
  private ApplicationContextRunner with(
      Map<String, Object> commandLine, Map<String, Object> variables, Map<String, Object> file) {
    return application.withInitializer(
        context -> {
          MutablePropertySources sources = context.getEnvironment().getPropertySources();
          sources.addFirst(new MapPropertySource("file", file));
          sources.addFirst(
              new SystemEnvironmentPropertySource("test-systemEnvironment", variables));
          sources.addFirst(new MapPropertySource("commandLineArgs", commandLine));
        });
  }

  private static List<String> keys(RuleSet rules) {
    return rules.domains().stream()
        .map(DomainRules::descriptors)
        .flatMap(List::stream)
        .map(Descriptor::key)
        .toList();
  }

  private void gives(ApplicationContextRunner run, String... keys) {
    run.run(
        context ->
            assertThat(keys(context.getBean(RuleSet.class))).containsExactlyInAnyOrder(keys));
  }

  @Test
  void theCommandLineStandsOverTheEnvironmentAndThatOverFiles() {
    Map<String, Object> file = Map.of("weir.limits.per-address", "1/day by file");
    Map<String, Object> variables = Map.of("WEIR_LIMITS_PER_ADDRESS", "1/day by variable");
    Map<String, Object> commandLine = Map.of("weir.limits.per-address", "1/day by command_line");

    gives(with(Map.of(), Map.of(), file), "file");
    gives(with(Map.of(), variables, file), "variable");
    gives(with(commandLine, variables, file), "command_line");
    gives(with(Map.of("weir.limits.per.address", "1/day by dots"), variables, file), "dots");
  }

  @Test
  void whatOtherSettingsSayIsTurnedOffWithoutAWarning() {
    Map<String, Object> file =
        Map.of(
            "weir.limits.per-address", "1/day by address", "weir.limits.other", "1/day by other");
    try (LogLines lines = LogLines.of(HttpRules.class)) {
      gives(with(Map.of("weir.limits.per-address", "off"), Map.of(), file), "other");
      gives(with(Map.of(), Map.of("WEIR_LIMITS_PER_ADDRESS", "off"), file), "other");

      assertThat(lines.messages()).isEmpty();
    }
  }

  @Test
  void whatNobodySaysIsWarnedOfOnceWithTheLimitsThatThereAre() {
    Map<String, Object> file = Map.of("weir.limits.per-address", "1/day by address");
    try (LogLines lines = LogLines.of(HttpRules.class)) {
      gives(with(Map.of(), Map.of("WEIR_LIMITS_PER_ADRESS", "off"), file), "address");

      assertThat(lines.messages())
          .containsExactly(
              "WEIR_LIMITS_PER_ADRESS is off: there is no limit per-adress to turn off; there are"
                  + " [per-address]; did you mean 'per-address'?");
    }
  }

  @Test
  void aLimitIsOneHoweverSpringSpellsIt() {
    Map<String, Object> file = Map.of("weir.limits.from-file", "1/day by file");
    gives(with(Map.of(), Map.of("WEIR_LIMITS_FROMFILE", "1/day by variable"), file), "variable");
    gives(with(Map.of("weir.limits.fromFile", "1/day by camel"), Map.of(), file), "camel");
    try (LogLines lines = LogLines.of(HttpRules.class)) {
      gives(with(Map.of(), Map.of("WEIR_LIMITS_FROMFILE", "off"), file));

      assertThat(lines.messages()).isEmpty();
    }
    with(Map.of(), Map.of("WEIR_LIMITS_FROMFILE", "often"), file)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageStartingWith("WEIR_LIMITS_FROMFILE is 'often': "));
    with(Map.of(), Map.of("WEIR_LIMITS_FROMFILE", "1/day by variable"), file)
        .run(
            context ->
                assertThat(context.getBean(RulesInForce.class).now().http().origin("from-file"))
                    .isEqualTo("WEIR_LIMITS_FROMFILE"));
  }

  @Test
  void aLineWithoutTheNameOfALimitIsAMistake() {
    with(
            Map.of(),
            Map.of("WEIR_LIMITS", "1/minute by address", "WEIR_LIMITS_A", "1/day by a"),
            Map.of())
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessage(
                        "WEIR_LIMITS is '1/minute by address': it names no limit; it must be like"
                            + " WEIR_LIMITS_LOGIN"));
    gives(with(Map.of("weir.limits", ""), Map.of("WEIR_LIMITS_A", "1/day by a"), Map.of()), "a");
  }

  @Test
  void placeholdersAreFilledIn() {
    gives(
        with(Map.of("who", "tenant"), Map.of("WEIR_LIMITS_A_B", "1/day by ${who}"), Map.of()),
        "tenant");
  }
}
