package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.Decision;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.LogLines;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesWatch;
import io.weir.limiter.tck.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** {@code weir.watch-rules}: what follows a rules file while an application runs, and what not. */
class WatchedRulesFilesTest {
  @TempDir Path directory;
  private Path file;
  private final LogLines logged = LogLines.of(RulesWatch.class);
  private final FakeClock clock = new FakeClock(1_767_225_600_000L);

  private final WebApplicationContextRunner application =
      new WebApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  WeirAutoConfiguration.class,
                  WeirAnnotationAutoConfiguration.class,
                  WeirFilterAutoConfiguration.class))
          .withBean(LimitBackend.class, () -> InMemoryBackend.builder().clock(clock).build())
          .withBean(MeterRegistry.class, SimpleMeterRegistry::new);

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("rules.yaml");
    write("users", 5);
  }

  @AfterEach
  void close() {
    logged.close();
  }

  private void write(String name, int limit) throws IOException {
    Files.writeString(
        file,
        """
        domain: api
        descriptors:
          - {key: user, rate_limit: {name: %s, unit: day, requests_per_unit: %d}}
        """
            .formatted(name, limit));
  }

  private WebApplicationContextRunner watching() {
    return application.withPropertyValues("weir.rules=file:" + file, "weir.watch-rules=true");
  }

  private static LimitStatus status(RateLimiter limiter) {
    Decision decision = limiter.check(Request.of("api", "user", "42"));
    assertThat(decision.statuses()).hasSize(1);
    return decision.statuses().get(0);
  }

  @Test
  void aChangeIsFollowedByTheLimiterAndTheNamesOfMetricsAndWhatWasUsedStays() {
    watching()
        .run(
            context -> {
              RateLimiter limiter = context.getBean(RateLimiter.class);
              assertThat(status(limiter).remaining()).isEqualTo(4);

              write("renamed", 50);

              Awaitility.await()
                  .untilAsserted(
                      () ->
                          assertThat(context.getBean(RulesInForce.class).now().http().rules())
                              .isNotEqualTo(
                                  context.getBean(RuleSet.class).find("api").orElseThrow()));
              assertThat(status(limiter).remaining()).isEqualTo(48);
              assertThat(
                      context
                          .getBean(MeterRegistry.class)
                          .find("weir.decisions")
                          .tag("rule", "renamed")
                          .counter())
                  .isNotNull();
            });
  }

  @Test
  void theFilterIsThereForLimitsThatMayCome() throws IOException {
    Files.writeString(file, "domain: api\n");
    watching()
        .run(
            context ->
                assertThat(context.getBean(FilterRegistrationBean.class).isEnabled()).isTrue());
  }

  @Test
  void rulesWithoutALimitThatTheApplicationAsksForAreRefused() {
    watching()
        .run(
            context -> {
              RuleLimiters limiters = context.getBean(RuleLimiters.class);
              RulesInForce rules = context.getBean(RulesInForce.class);
              assertThat(limiters.of("", "users").limit().keys()).containsExactly("user");

              write("renamed", 50);
              Awaitility.await()
                  .untilAsserted(
                      () ->
                          assertThat(logged.messages())
                              .containsExactly(
                                  "The rules of weir.rules stay as they were; what is there now is"
                                      + " refused:\nthere is no limit 'users' in the domain api;"
                                      + " there are [renamed]"));
              assertThat(status(limiters.of("", "users").limiter()).limit().requests())
                  .isEqualTo(5);

              write("users", 7);
              Awaitility.await()
                  .untilAsserted(
                      () ->
                          assertThat(status(limiters.of("", "users").limiter()).limit().requests())
                              .isEqualTo(7));
              assertThat(rules.canChange()).isTrue();
            });
  }

  @Test
  void aBrokenFileLeavesTheRulesInForceAndIsTold() {
    watching()
        .run(
            context -> {
              write("users", -5);
              Awaitility.await()
                  .untilAsserted(
                      () ->
                          assertThat(logged.messages())
                              .singleElement()
                              .asString()
                              .startsWith(
                                  "The rules of weir.rules stay as they were; what is there now is"
                                      + " refused:\nfile:"
                                      + file
                                      + ":3: "));
              assertThat(status(context.getBean(RateLimiter.class)).limit().requests())
                  .isEqualTo(5);
            });
  }

  @Test
  void nothingIsWatchedUnlessItIsAskedFor() {
    application
        .withPropertyValues("weir.rules=file:" + file)
        .run(context -> assertThat(context.getBean(RulesInForce.class).canChange()).isFalse());
  }

  @Test
  void whatIsNoFileIsWarnedOf() {
    try (LogLines warnings = LogLines.of(WeirAutoConfiguration.class)) {
      application
          .withPropertyValues(
              "weir.watch-rules=true", "weir.rules[0]=domain: api\ndescriptors: [{key: user}]")
          .run(context -> assertThat(context.getBean(RulesInForce.class).canChange()).isFalse());
      assertThat(warnings.messages())
          .containsExactly(
              "weir.watch-rules is true, and none of weir.rules is a file that can change; name"
                  + " one, such as file:/etc/app/rules.yaml");
    }
  }

  @Test
  void aRuleSetOfTheApplicationIsLeftAlone() {
    watching()
        .withBean(RuleSet.class, RuleSet::empty)
        .run(
            context -> {
              Decision decision =
                  context.getBean(RateLimiter.class).check(Request.of("api", "user", "42"));
              assertThat(decision.statuses()).isEqualTo(List.of());
            });
  }
}
