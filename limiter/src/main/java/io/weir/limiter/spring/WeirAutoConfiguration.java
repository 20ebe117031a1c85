package io.weir.limiter.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.redis.RedisBackend;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.redis.RedisRateLimiterBuilder;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesFile;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
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
  private static final System.Logger LOG = System.getLogger(WeirAutoConfiguration.class.getName());

  /** As the gateway looks at its rules. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private static final String LETTUCE = "io.lettuce.core.RedisClient";
  private static final String BREAKER = "io.github.resilience4j.circuitbreaker.CircuitBreaker";

  @Bean
  @ConditionalOnMissingBean
  RulesInForce weirRules(
      WeirProperties properties,
      ObjectProvider<DomainRules> code,
      ObjectProvider<Algorithms> algorithms,
      ResourceLoader resources,
      ConfigurableEnvironment environment) {
    Stream.of(UnknownSettings.in(environment), RepeatedSettings.in(environment))
        .flatMap(List::stream)
        .forEach(sentence -> LOG.log(System.Logger.Level.WARNING, sentence));
    LimitSettings limits = LimitSettings.of(properties.limits(), environment);
    List<DomainRules> ofCode = code.orderedStream().toList();
    Algorithms known = algorithms.getIfAvailable(Algorithms::standard);
    WeirRules.Locations files = new WeirRules.Locations(properties.rules(), resources);
    Function<List<RulesFile>, WeirRules> reading =
        texts -> WeirRules.read(properties, limits, ofCode, known, texts);
    if (properties.watchRules() && files.canChange()) {
      return RulesInForce.watched(files.readingChanges(), reading, BETWEEN_LOOKS);
    }
    if (properties.watchRules()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "weir.watch-rules is true, and none of weir.rules is a file that can change; name one,"
              + " such as file:/etc/app/rules.yaml");
    }
    return RulesInForce.fixed(files::read, reading);
  }

  @Bean
  @ConditionalOnMissingBean
  RuleSet weirRuleSet(RulesInForce rules) {
    return rules.now().all();
  }

  @Bean
  LimitUses weirLimitUses(
      WeirProperties properties, ObjectProvider<RateLimitedOperations> annotations) {
    return new LimitUses(
        properties.domain(),
        () -> annotations.stream().flatMap(all -> all.all().stream()).toList());
  }

  @Bean
  @ConditionalOnMissingBean({LimitBackend.class, RateLimiter.class})
  @ConditionalOnProperty(
      prefix = "weir",
      name = "backend",
      havingValue = "memory",
      matchIfMissing = true)
  LimitBackend weirMemoryBackend(WeirProperties properties, Environment environment) {
    List<String> unused = RedisSettings.in(environment);
    if (!unused.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Settings of Redis mean nothing, as weir.backend is memory: "
              + unused
              + ". Each process has budgets of its own; set weir.backend to redis, or leave them"
              + " out.");
    }
    InMemoryBackend.Builder builder = InMemoryBackend.builder();
    WeirStartException.using(
        "weir.memory.max-rows", () -> builder.maxRows(properties.memory().maxRows()));
    return builder.build();
  }

  @Bean(destroyMethod = "")
  @ConditionalOnBean(LimitBackend.class)
  @ConditionalOnMissingBean(RateLimiter.class)
  ObservedRateLimiter weirRateLimiter(
      RulesInForce inForce,
      RuleSet rules,
      LimitBackend backend,
      ObjectProvider<DecisionListener> listeners) {
    return observed(inForce.following(rules), backend, listeners.orderedStream().toList());
  }

  @Bean
  @ConditionalOnBean(LimitBackend.class)
  @ConditionalOnMissingBean
  RuleLimiters weirRuleLimiters(
      WeirProperties properties,
      RulesInForce inForce,
      RuleSet rules,
      LimitBackend backend,
      ObjectProvider<Algorithms> algorithms,
      ObjectProvider<DecisionListener> listeners) {
    List<DecisionListener> told = listeners.orderedStream().toList();
    NamedRuleLimiters limiters =
        new NamedRuleLimiters(
            inForce.following(rules),
            properties.domain(),
            algorithms.getIfAvailable(Algorithms::standard),
            alone -> observed(() -> alone, backend, told));
    if (inForce.isOurs(rules)) {
      inForce.require(limiters::requireKnown);
    }
    return limiters;
  }

  private static ObservedRateLimiter observed(
      Supplier<RuleSet> rules, LimitBackend backend, List<DecisionListener> listeners) {
    return new ObservedRateLimiter(
        new RuleBasedRateLimiter(rules, backend, InstantSource.system()), listeners);
  }

  /** Only where Lettuce is there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(prefix = "weir", name = "backend", havingValue = "redis")
  @ConditionalOnMissingBean({LimitBackend.class, RateLimiter.class})
  @ConditionalOnClass(name = {LETTUCE, BREAKER})
  static class RedisConfiguration {
    @Bean
    RedisBackend weirRedisBackend(
        WeirProperties properties,
        RulesInForce inForce,
        RuleSet rules,
        ObjectProvider<Algorithms> algorithms) {
      WeirProperties.Redis redis = properties.redis();
      RedisRateLimiterBuilder builder =
          RedisRateLimiter.builder(inForce.following(rules))
              .algorithms(algorithms.getIfAvailable(Algorithms::standard));
      return with(redis, builder).buildBackend();
    }

    private static RedisRateLimiterBuilder with(
        WeirProperties.Redis redis, RedisRateLimiterBuilder builder) {
      WeirStartException.using("weir.redis.key-prefix", () -> builder.keyPrefix(redis.keyPrefix()));
      WeirStartException.using("weir.redis.timeout", () -> builder.timeout(redis.timeout()));
      builder.onError(redis.onError());
      WeirStartException.using(
          "weir.redis.local-share", () -> builder.localShare(redis.localShare()));
      WeirStartException.using(
          "weir.redis.max-waiting", () -> builder.maxWaiting(redis.maxWaiting()));
      return redis.cluster().isEmpty()
          ? WeirStartException.naming("weir.redis.uri", () -> builder.uri(redis.uri()))
          : WeirStartException.naming(
              "weir.redis.cluster", () -> builder.cluster(redis.cluster().toArray(new String[0])));
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
      throw new WeirStartException(
          "weir.backend is redis, which needs io.lettuce:lettuce-core and"
              + " io.github.resilience4j:resilience4j-circuitbreaker on the class path",
          "Add them, or set weir.backend to memory.");
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
    DecisionMetrics weirDecisionMetrics(
        MeterRegistry registry, RulesInForce inForce, RuleSet rules) {
      return new DecisionMetrics(registry, inForce.following(rules));
    }
  }
}
