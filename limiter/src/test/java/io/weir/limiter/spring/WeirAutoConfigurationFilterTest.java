package io.weir.limiter.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.LogLines;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.http.filter.FilterBuilder;
import io.weir.limiter.http.servlet.RateLimitFilter;
import io.weir.limiter.rule.RuleSet;
import jakarta.servlet.DispatcherType;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** The filter of an application with servlets, and that of a reactive one. */
class WeirAutoConfigurationFilterTest extends WeirAutoConfigurationKit {
  @Test
  void theFilterIsRegisteredAsSettingsSay() {
    web.withPropertyValues(
            "weir.filter.order=7",
            "weir.filter.url-patterns=/api/*,/v2/*",
            "weir.filter.async=true",
            "weir.filter.turns=ignore",
            "weir.filter.skip=/actuator/**",
            "weir.filter.trusted-proxies=10.0.0.0/8",
            "weir.filter.forwarded-header=forwarded",
            "weir.filter.api-key-header=X-API-Key",
            "weir.filter.api-key-secret=pepper",
            "weir.filter.attributes.tenant=X-Tenant",
            "weir.limits.a=GET /a 1/day by api_key,tenant,shard",
            "weir.headers=both",
            "weir.reset-form=epoch-seconds")
        .withBean(
            RateLimitFilterCustomizer.class,
            () -> filter -> filter.attribute("shard", request -> Optional.of("1")))
        .run(
            context -> {
              FilterRegistrationBean<?> filter = context.getBean(FilterRegistrationBean.class);
              assertThat(filter.getFilter()).isInstanceOf(RateLimitFilter.class);
              assertThat(filter.getOrder()).isEqualTo(7);
              assertThat(filter.getUrlPatterns()).containsExactly("/api/*", "/v2/*");
              assertThat(filter.determineDispatcherTypes())
                  .containsExactlyInAnyOrder(DispatcherType.REQUEST, DispatcherType.ASYNC);
            });
    web.withPropertyValues("weir.filter.api-key-header=K", "weir.limits.a=GET /a 1/day by api_key")
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void theFilterIsMappedOnlyWhereThereIsSomethingToAskAbout() {
    web.run(
        context -> assertThat(context.getBean(FilterRegistrationBean.class).isEnabled()).isFalse());
    web.withPropertyValues("weir.limits.a=GET /a 1/day")
        .run(
            context ->
                assertThat(context.getBean(FilterRegistrationBean.class).isEnabled()).isTrue());
    web.withBean(RuleSet.class, RuleSet::empty)
        .run(
            context ->
                assertThat(context.getBean(FilterRegistrationBean.class).isEnabled()).isTrue());
  }

  @Test
  void proxiesThatAreEverybodyAreWarnedOf() {
    try (LogLines lines = LogLines.of(FilterBuilder.class)) {
      for (String everybody : List.of("0.0.0.0/0", "::/0")) {
        web.withPropertyValues(
                "weir.limits.a=3/minute by address",
                "weir.filter.trusted-proxies=10.0.0.0/8," + everybody)
            .run(context -> assertThat(context).hasNotFailed());
      }
      assertThat(lines.messages())
          .hasSize(2)
          .containsOnly(
              "The trusted proxies are all addresses that there are, so anybody can write the"
                  + " address that limits by 'address' go by. Name the proxies alone.");
    }
    try (LogLines lines = LogLines.of(FilterBuilder.class)) {
      web.withPropertyValues(
              "weir.limits.a=3/minute by address", "weir.filter.trusted-proxies=0.0.0.0/1")
          .run(context -> assertThat(context).hasNotFailed());
      assertThat(lines.messages()).isEmpty();
    }
  }

  @Test
  void aReactiveApplicationHasTheAdviceAndItsOwnKindOfFilter() {
    reactive
        .withPropertyValues("weir.limits.a=GET /a 1/day", "weir.filter.order=7")
        .run(
            context -> {
              assertThat(context)
                  .hasSingleBean(RateLimitExceededAdvice.class)
                  .doesNotHaveBean(FilterRegistrationBean.class);
              assertThat(context.getBean(RateLimitWebFilter.class).getOrder()).isEqualTo(7);
            });
    web.run(context -> assertThat(context).doesNotHaveBean(WebFilter.class));
  }

  @Test
  void theFilterOfAReactiveApplicationIsAsSettingsSay() {
    reactive
        .withPropertyValues(
            "weir.filter.url-patterns=/api/*,/login",
            "weir.filter.skip=/api/health",
            "weir.filter.attributes.tenant=X-Tenant",
            "weir.limits.a=1/day by tenant,shard",
            "weir.headers=both")
        .withBean(
            RateLimitWebFilterCustomizer.class,
            () -> filter -> filter.attribute("shard", request -> Optional.of("1")))
        .run(
            context -> {
              RateLimitWebFilter filter = context.getBean(RateLimitWebFilter.class);
              assertThat(limitsTold(filter, "/page")).isEmpty();
              assertThat(limitsTold(filter, "/api/health")).isEmpty();
              assertThat(limitsTold(filter, "/api")).containsExactly("0");
              assertThat(limitsTold(filter, "/api/x/y")).containsExactly("0");
              assertThat(limitsTold(filter, "/login")).containsExactly("0");
            });
  }

  private static List<String> limitsTold(RateLimitWebFilter filter, String path) {
    MockServerWebExchange exchange =
        MockServerWebExchange.from(MockServerHttpRequest.get(path).header("X-Tenant", path));
    filter.filter(exchange, it -> Mono.empty()).block();
    return exchange.getResponse().getHeaders().getOrEmpty("X-RateLimit-Remaining");
  }

  @Test
  void aReactiveApplicationWithoutLimitsOrWithItsOwnFilterHasNoneOfOurs() {
    reactive.run(context -> assertThat(context).doesNotHaveBean(RateLimitWebFilter.class));
    AsyncRateLimiter own = (AsyncRateLimiter) RateLimiter.inMemory(RuleSet.empty());
    RateLimitWebFilter filter = RateLimitWebFilter.builder(own).domain("api").build();
    reactive
        .withPropertyValues("weir.limits.a=GET /a 1/day")
        .withBean(RateLimitWebFilter.class, () -> filter)
        .run(context -> assertThat(context).doesNotHaveBean("weirWebFilter"));
    reactive
        .withPropertyValues("weir.limits.a=GET /a 1/day", "weir.filter.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("weirWebFilter"));
  }

  @Test
  void whatAReactiveApplicationCannotHaveIsToldAtTheStart() {
    ReactiveWebApplicationContextRunner limited =
        reactive.withPropertyValues("weir.limits.a=GET /a 1/day");
    failsWith(
        limited.withPropertyValues("weir.filter.url-patterns=*.do"),
        "weir.filter.url-patterns has '*.do'; on WebFlux it must be a path");
    RateLimiter blocking =
        (RateLimiter)
            Proxy.newProxyInstance(
                RateLimiter.class.getClassLoader(),
                new Class<?>[] {RateLimiter.class},
                (proxy, method, arguments) -> "mine");
    failsWith(
        limited.withBean(RateLimiter.class, () -> blocking),
        "the limiter mine would block WebFlux");
  }
}
