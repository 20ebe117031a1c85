package io.weir.limiter.spring;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.http.servlet.RateLimitFilter;
import io.weir.limiter.redis.RedisBackend;
import io.weir.limiter.redis.SharedRedis;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.web.servlet.FilterRegistrationBean;

/** Which beans there are, and which stay away. */
class WeirAutoConfigurationBeansTest extends WeirAutoConfigurationKit {
  @Test
  void theListOfAutoConfigurationsIsComplete() throws IOException {
    try (var list =
        getClass()
            .getResourceAsStream(
                "/META-INF/spring/"
                    + "org.springframework.boot.autoconfigure.AutoConfiguration.imports")) {
      assertThat(new String(list.readAllBytes(), StandardCharsets.UTF_8).lines())
          .containsExactlyInAnyOrder(
              WeirAutoConfiguration.class.getName(),
              WeirAnnotationAutoConfiguration.class.getName(),
              WeirRedisAutoConfiguration.class.getName(),
              WeirFilterAutoConfiguration.class.getName(),
              WeirWebFilterAutoConfiguration.class.getName(),
              WeirAdviceAutoConfiguration.class.getName());
    }
  }

  @Test
  void thereIsALimiterInMemoryWithoutAnySetting() {
    plain.run(
        context -> {
          assertThat(context).hasSingleBean(RateLimiter.class).hasSingleBean(LimitBackend.class);
          assertThat(context.getBean(LimitBackend.class)).isInstanceOf(InMemoryBackend.class);
          assertThat(context).hasSingleBean(AsyncRateLimiter.class);
          assertThat(context)
              .doesNotHaveBean(FilterRegistrationBean.class)
              .doesNotHaveBean(RateLimitExceededAdvice.class);
        });
  }

  @Test
  void stateIsInRedisWhereThatIsSet() {
    plain
        .withPropertyValues(
            "weir.backend=redis",
            "weir.redis.uri=" + SharedRedis.uri(),
            "weir.redis.key-prefix=" + SharedRedis.newPrefix(),
            "weir.redis.timeout=30s",
            "weir.limits.per-user=1/day by user")
        .run(
            context -> {
              assertThat(context.getBean(LimitBackend.class)).isInstanceOf(RedisBackend.class);
              RateLimiter limiter = context.getBean(RateLimiter.class);
              Request request = Request.of("api", "user", "42");
              assertThat(limiter.check(request).isAllowed()).isTrue();
              assertThat(limiter.check(request).isAllowed()).isFalse();
              assertThat(limiter.check(request).degraded()).isFalse();
            });
  }

  @Test
  void beansOfTheApplicationTakeThePlaceOfOurs() {
    RateLimiter own = RateLimiter.inMemory(RuleSet.empty());
    web.withBean(RateLimiter.class, () -> own)
        .run(
            context -> {
              assertThat(context).getBean(RateLimiter.class).isSameAs(own);
              assertThat(context)
                  .doesNotHaveBean(LimitBackend.class)
                  .doesNotHaveBean(RuleLimiters.class)
                  .hasSingleBean(FilterRegistrationBean.class);
            });
    RateLimitFilter filter = RateLimitFilter.builder(own).domain("api").build();
    web.withBean(RateLimitFilter.class, () -> filter)
        .run(context -> assertThat(context).doesNotHaveBean("weirFilter"));
    LimitBackend backend = InMemoryBackend.builder().build();
    web.withBean(LimitBackend.class, () -> backend)
        .run(context -> assertThat(context).getBean(LimitBackend.class).isSameAs(backend));
    RuleSet rules = RuleSet.of(DomainRules.of("api", key("user").limit(RuleLimit.perDay(0))));
    plain
        .withBean(RuleSet.class, () -> rules)
        .run(
            context ->
                assertThat(
                        context
                            .getBean(RateLimiter.class)
                            .check(Request.of("api", "user", "1"))
                            .isAllowed())
                    .isFalse());
  }

  @Test
  void everythingCanBeTurnedOff() {
    web.withPropertyValues("weir.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(RateLimiter.class)
                    .doesNotHaveBean(RateLimitedAdvisor.class)
                    .doesNotHaveBean(FilterRegistrationBean.class)
                    .doesNotHaveBean(RateLimitExceededAdvice.class));
    web.withPropertyValues("weir.filter.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(RateLimiter.class)
                    .doesNotHaveBean(FilterRegistrationBean.class));
  }

  @Test
  void beansAreNotProxiedWhereSpringIsToldNotTo() {
    String proxies = "org.springframework.aop.config.internalAutoProxyCreator";
    plain.run(context -> assertThat(context).hasBean(proxies));
    plain
        .withPropertyValues("spring.aop.auto=false")
        .run(context -> assertThat(context).doesNotHaveBean(proxies));
  }

  @Test
  void librariesThatAreNotThereAreNotNeeded() {
    plain
        .withClassLoader(
            new FilteredClassLoader(
                "io.micrometer",
                "io.lettuce",
                "io.github.resilience4j",
                "jakarta.servlet",
                "org.springframework.web",
                "reactor"))
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(RateLimiter.class));
  }
}
