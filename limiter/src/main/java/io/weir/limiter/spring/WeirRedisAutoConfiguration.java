package io.weir.limiter.spring;

import io.weir.limiter.redis.RedisBackend;
import io.weir.limiter.rule.OnError;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells whoever runs the application when Redis does not answer: in the log, and as health. */
@AutoConfiguration(after = WeirAutoConfiguration.class)
@ConditionalOnClass(
    name = {"io.lettuce.core.RedisClient", "io.github.resilience4j.circuitbreaker.CircuitBreaker"})
@ConditionalOnBean(RedisBackend.class)
public final class WeirRedisAutoConfiguration {
  private static final System.Logger LOG =
      System.getLogger(WeirRedisAutoConfiguration.class.getName());

  /** The first questions of a process take longer than others, and time-outs are short. */
  private static final int LOOKS_AT_THE_START = 3;

  @Bean
  RedisProbe weirRedisProbe(RedisBackend backend) {
    return new RedisProbe(backend);
  }

  @Bean
  OutageLog weirOutageLog() {
    return new OutageLog(System::nanoTime);
  }

  /** At the end of the start, as whoever starts it reads the last lines. */
  @Bean
  SmartInitializingSingleton weirRedisStart(RedisProbe redis, WeirProperties properties) {
    return () -> warnIfAway(redis, properties.redis().onError());
  }

  private static void warnIfAway(RedisProbe redis, OnError onError) {
    String trouble = "";
    for (int look = 0; look < LOOKS_AT_THE_START; look++) {
      trouble = redis.trouble().orElse("");
      if (trouble.isEmpty()) {
        return;
      }
    }
    LOG.log(
        System.Logger.Level.WARNING,
        redis
            + " does not answer: "
            + trouble
            + ". Until it does, limits that do not say on_error decide: "
            + onError.yamlName()
            + " (weir.redis.on-error).");
  }

  /** Only where Spring Boot's health is there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(HealthIndicator.class)
  static class HealthConfiguration {
    /** What an application is that goes on, with limits that do not hold as they should. */
    private static final Status DEGRADED =
        new Status("DEGRADED", "requests are decided without Redis");

    @Bean
    @ConditionalOnEnabledHealthIndicator("weir")
    @ConditionalOnMissingBean(name = "weirHealthIndicator")
    HealthIndicator weirHealthIndicator(RedisProbe redis, WeirProperties properties) {
      OnError onError = properties.redis().onError();
      return () ->
          redis
              .trouble()
              .map(
                  trouble ->
                      Health.status(onError == OnError.DENY ? Status.DOWN : DEGRADED)
                          .withDetail("redis", trouble)
                          .withDetail("onError", onError.yamlName())
                          .build())
              .orElseGet(() -> Health.up().build());
    }
  }
}
