package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.LogLines;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.redis.SharedRedis;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class WeirRedisAutoConfigurationTest {
  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(WeirAutoConfiguration.class, WeirRedisAutoConfiguration.class))
          .withPropertyValues("weir.backend=redis", "weir.limits.per-user=1/day by user");

  /** Where nobody listens. */
  private final ApplicationContextRunner away =
      application.withPropertyValues("weir.redis.uri=redis://me:secret@127.0.0.1:1");

  private final ApplicationContextRunner there =
      application.withPropertyValues(
          "weir.redis.uri=" + SharedRedis.uri(),
          "weir.redis.key-prefix=" + SharedRedis.newPrefix(),
          "weir.redis.timeout=30s");

  @Test
  void aRedisThatIsAwayIsWarnedOfAtTheStart() {
    try (LogLines lines = LogLines.of(WeirRedisAutoConfiguration.class)) {
      away.run(context -> assertThat(context).hasNotFailed());

      assertThat(lines.records()).extracting(LogRecord::getLevel).containsExactly(Level.WARNING);
      assertThat(lines.messages())
          .singleElement()
          .asString()
          .contains("127.0.0.1:1", "does not answer", "refused", "decide: allow")
          .doesNotContain("secret");
    }
  }

  @Test
  void aDecisionWithoutRedisIsWarnedOf() {
    try (LogLines start = LogLines.of(WeirRedisAutoConfiguration.class);
        LogLines lines = LogLines.of(OutageLog.class)) {
      away.run(
          context -> {
            RateLimiter limiter = context.getBean(RateLimiter.class);
            limiter.check(Request.of("api", "user", "42"));
            limiter.check(Request.of("api", "user", "42"));
          });

      assertThat(lines.records()).extracting(LogRecord::getLevel).containsExactly(Level.WARNING);
      assertThat(lines.messages().get(0)).contains("Weir decided without Redis: 1");
      assertThat(start.messages()).hasSize(1);
    }
  }

  @Test
  void nothingIsSaidOfARedisThatAnswers() {
    try (LogLines start = LogLines.of(WeirRedisAutoConfiguration.class);
        LogLines lines = LogLines.of(OutageLog.class)) {
      there.run(
          context -> {
            context.getBean(RateLimiter.class).check(Request.of("api", "user", "42"));
            assertThat(health(context)).isEqualTo(Health.up().build());
          });

      assertThat(start.messages()).isEmpty();
      assertThat(lines.messages()).isEmpty();
    }
  }

  private static Health health(ApplicationContext context) {
    return Objects.requireNonNull(context.getBean(HealthIndicator.class).health());
  }

  @Test
  void healthTellsThatLimitsDoNotHoldAsTheyShould() {
    try (LogLines start = LogLines.of(WeirRedisAutoConfiguration.class)) {
      away.run(
          context -> {
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(new Status("DEGRADED"));
            assertThat(health.getDetails()).containsEntry("onError", "allow").containsKey("redis");
          });
      away.withPropertyValues("weir.redis.on-error=deny")
          .run(
              context ->
                  assertThat(health(context).getStatus())
                      .as("an application that answers 503 to all")
                      .isEqualTo(Status.DOWN));
      assertThat(start.messages()).hasSize(2);
    }
  }

  @Test
  void healthIsThatOfTheApplicationWhereItWantsNoneOfOurs() {
    there
        .withPropertyValues("management.health.weir.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    there
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(OutageLog.class));
    application
        .withPropertyValues("weir.backend=memory")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(HealthIndicator.class)
                    .doesNotHaveBean(OutageLog.class));
  }
}
