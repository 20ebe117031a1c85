package io.weir.limiter.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Configures rules, the state of limits and a limiter, each unless the application has a bean of
 * its own: {@link RuleSet}, {@link LimitBackend}, {@link RateLimiter}.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
    })
@ConditionalOnProperty(prefix = "weir", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(WeirProperties.class)
public final class WeirAutoConfiguration {
  private static final String LETTUCE = "io.lettuce.core.RedisClient";
  private static final String BREAKER = "io.github.resilience4j.circuitbreaker.CircuitBreaker";

  @Bean
  @ConditionalOnMissingBean
  WeirRules weirRules(
      WeirProperties properties,
      ObjectProvider<DomainRules> code,
      ObjectProvider<Algorithms> algorithms,
      ResourceLoader resources) {
    return WeirRules.read(
        properties,
        code.orderedStream().toList(),
        algorithms.getIfAvailable(Algorithms::standard),
        resources);
  }

  @Bean
  @ConditionalOnMissingBean
  RuleSet weirRuleSet(WeirRules rules) {
    return rules.all();
  }

  @Bean
  @ConditionalOnMissingBean({LimitBackend.class, RateLimiter.class})
  @ConditionalOnProperty(
      prefix = "weir",
      name = "backend",
      havingValue = "memory",
      matchIfMissing = true)
  LimitBackend weirMemoryBackend(WeirProperties properties) {
    return InMemoryBackend.builder().maxRows(properties.memory().maxRows()).build();
  }

  @Bean(destroyMethod = "")
  @ConditionalOnBean(LimitBackend.class)
  @ConditionalOnMissingBean(RateLimiter.class)
  ObservedRateLimiter weirRateLimiter(
      RuleSet rules, LimitBackend backend, ObjectProvider<DecisionListener> listeners) {
    return observed(rules, backend, listeners.orderedStream().toList());
  }

  @Bean
  @ConditionalOnBean(LimitBackend.class)
  @ConditionalOnMissingBean
  RuleLimiters weirRuleLimiters(
      WeirProperties properties,
      RuleSet rules,
      LimitBackend backend,
      ObjectProvider<Algorithms> algorithms,
      ObjectProvider<DecisionListener> listeners) {
    List<DecisionListener> told = listeners.orderedStream().toList();
    return new NamedRuleLimiters(
        rules,
        properties.domain(),
        algorithms.getIfAvailable(Algorithms::standard),
        alone -> observed(alone, backend, told));
  }

  private static ObservedRateLimiter observed(
      RuleSet rules, LimitBackend backend, List<DecisionListener> listeners) {
    return new ObservedRateLimiter(
        new RuleBasedRateLimiter(() -> rules, backend, InstantSource.system()), listeners);
  }

  /** Only where Lettuce is there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(prefix = "weir", name = "backend", havingValue = "redis")
  @ConditionalOnMissingBean({LimitBackend.class, RateLimiter.class})
  @ConditionalOnClass(name = {LETTUCE, BREAKER})
  static class RedisConfiguration {
    @Bean
    LimitBackend weirRedisBackend(
        WeirProperties properties, RuleSet rules, ObjectProvider<Algorithms> algorithms) {
      WeirProperties.Redis redis = properties.redis();
      RedisRateLimiter.Builder builder =
          RedisRateLimiter.builder(() -> rules)
              .algorithms(algorithms.getIfAvailable(Algorithms::standard))
              .keyPrefix(redis.keyPrefix())
              .timeout(redis.timeout())
              .onError(redis.onError())
              .localShare(redis.localShare())
              .maxWaiting(redis.maxWaiting());
      return redis.cluster().isEmpty()
          ? builder.uri(redis.uri()).buildBackend()
          : builder.cluster(redis.cluster().toArray(new String[0])).buildBackend();
    }
  }

  /** Says what is missing, as nothing else would. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(prefix = "weir", name = "backend", havingValue = "redis")
  @ConditionalOnMissingBean({LimitBackend.class, RateLimiter.class})
  static class WithoutRedisConfiguration {
    @Bean
    @Conditional(RedisIsMissing.class)
    LimitBackend weirRedisBackend() {
      throw new IllegalStateException(
          "weir.backend is redis, which needs io.lettuce:lettuce-core and"
              + " io.github.resilience4j:resilience4j-circuitbreaker on the class path");
    }
  }

  /** Whether one of the libraries is missing that the limiter on Redis needs. */
  static final class RedisIsMissing implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      ClassLoader loader = context.getClassLoader();
      return !ClassUtils.isPresent(LETTUCE, loader) || !ClassUtils.isPresent(BREAKER, loader);
    }
  }

  /** Only where Micrometer is there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  @ConditionalOnBean(MeterRegistry.class)
  static class MetricsConfiguration {
    @Bean
    DecisionMetrics weirDecisionMetrics(MeterRegistry registry, RuleSet rules) {
      return new DecisionMetrics(registry, rules);
    }
  }
}
