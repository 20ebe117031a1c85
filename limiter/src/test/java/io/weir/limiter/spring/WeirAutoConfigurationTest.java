package io.weir.limiter.spring;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.LogLines;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.http.HttpRules;
import io.weir.limiter.http.filter.FilterBuilder;
import io.weir.limiter.http.servlet.RateLimitFilter;
import io.weir.limiter.redis.RedisBackend;
import io.weir.limiter.redis.SharedRedis;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Entry;
import io.weir.limiter.rule.RequestedDescriptor;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

class WeirAutoConfigurationTest {
  private static final AutoConfigurations ALL =
      AutoConfigurations.of(
          WeirAutoConfiguration.class,
          WeirAnnotationAutoConfiguration.class,
          WeirRedisAutoConfiguration.class,
          WeirFilterAutoConfiguration.class,
          WeirWebFilterAutoConfiguration.class,
          WeirAdviceAutoConfiguration.class);

  private final ApplicationContextRunner plain =
      new ApplicationContextRunner().withConfiguration(ALL);
  private final WebApplicationContextRunner web =
      new WebApplicationContextRunner().withConfiguration(ALL);
  private final ReactiveWebApplicationContextRunner reactive =
      new ReactiveWebApplicationContextRunner().withConfiguration(ALL);

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
  void settingsOfRedisWithoutRedisAsTheBackendAreWarnedOf() {
    try (LogLines lines = LogLines.of(WeirAutoConfiguration.class)) {
      plain
          .withPropertyValues(
              "weir.redis.uri=redis://redis.internal",
              "weir.redis.cluster[0]=redis://a",
              "weir.redis.timeout=20ms",
              "weir.redis.port=tcp://10.0.0.1:6379")
          .run(context -> assertThat(context).hasSingleBean(InMemoryBackend.class));
      assertThat(lines.messages())
          .contains(
              "Settings of Redis mean nothing, as weir.backend is memory: [weir.redis.uri,"
                  + " weir.redis.cluster, weir.redis.timeout]. Each process has budgets of its own;"
                  + " set weir.backend to redis, or leave them out.");
    }
    try (LogLines lines = LogLines.of(WeirAutoConfiguration.class)) {
      plain.run(context -> assertThat(context).hasNotFailed());
      assertThat(lines.messages()).isEmpty();
    }
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
  void rulesAreThoseOfBeansFilesAndSettings(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("rules.yaml"),
            "domain: api\n"
                + "descriptors: [{key: user, rate_limit: {unit: day, requests_per_unit: 2}}]");
    plain
        .withBean(
            "a",
            DomainRules.class,
            () -> DomainRules.of("api", key("ip").limit(RuleLimit.perDay(3))))
        .withBean("b", DomainRules.class, () -> DomainRules.of("jobs", key("job").unlimited()))
        .withPropertyValues(
            "weir.rules[0]=file:" + file,
            "weir.rules[1]=domain: mail\ndescriptors: [{key: to}]",
            "weir.limits.PER_KEY=4/day by api_key")
        .run(
            context -> {
              RuleSet rules = context.getBean(RuleSet.class);
              assertThat(rules.domains())
                  .extracting(DomainRules::domain)
                  .containsExactly("api", "jobs", "mail");
              assertThat(rules.find("api").orElseThrow().descriptors())
                  .extracting(it -> it.key())
                  .containsExactly("ip", "user", "api_key");
            });
  }

  @Test
  void rulesOfOneDomainAreAddedTogetherWhicheverItIs() {
    String file =
        "domain: %s\ndescriptors: [{key: %s, rate_limit: {unit: day, requests_per_unit: 2}}]";
    plain
        .withBean(
            DomainRules.class, () -> DomainRules.of("mail", key("ip").limit(RuleLimit.perDay(3))))
        .withPropertyValues(
            "weir.rules[0]=" + file.formatted("mail", "to"),
            "weir.rules[1]=" + file.formatted("mail", "from"),
            "weir.rules[2]=" + file.formatted("api", "user"),
            "weir.rules[3]=" + file.formatted("api", "address"))
        .run(
            context -> {
              RuleSet rules = context.getBean(RuleSet.class);
              assertThat(rules.find("mail").orElseThrow().descriptors())
                  .extracting(it -> it.key())
                  .containsExactly("ip", "to", "from");
              assertThat(rules.find("api").orElseThrow().descriptors())
                  .extracting(it -> it.key())
                  .containsExactly("user", "address");
            });
  }

  @Test
  void warningsOfRulesFilesAreLoggedOnceWhateverTheirDomain() {
    String file =
        "domain: %s\ndescriptors: [{key: %s, rate_limit: {unlimited: true, replaces: [{name:"
            + " %s}]}}]";
    try (LogLines usual = LogLines.of(HttpRules.class);
        LogLines others = LogLines.of(WeirRules.class)) {
      plain
          .withPropertyValues(
              "weir.limits.default=5/minute by account",
              "weir.rules[0]=" + file.formatted("api", "user", "defualt"),
              "weir.rules[1]=" + file.formatted("api", "job", "default"),
              "weir.rules[2]=" + file.formatted("mail", "to", "any"),
              "weir.rules[3]=" + file.formatted("sms", "to", "one"),
              "weir.rules[4]=" + file.formatted("sms", "from", "two"))
          .run(context -> assertThat(context).hasNotFailed());
      assertThat(usual.messages())
          .filteredOn(line -> line.contains("replaces"))
          .satisfiesExactlyInAnyOrder(
              line -> assertThat(line).startsWith("weir.rules[0]:2: replaces names 'defualt'"),
              line -> assertThat(line).startsWith("weir.rules[3]:2: replaces names 'one'"),
              line -> assertThat(line).startsWith("weir.rules[4]:2: replaces names 'two'"));
      assertThat(others.messages())
          .filteredOn(line -> line.contains("replaces"))
          .singleElement()
          .asString()
          .startsWith("weir.rules[2]:2: replaces names 'any'");
    }
  }

  @Test
  void mistakesInSettingsAreToldAtTheStart() {
    failsWith(
        plain.withPropertyValues("weir.limits.login=5 a minute"), "weir.limits.login is '5 a");
    failsWith(plain.withPropertyValues("weir.rules=file:/no/such.yaml"), "cannot be read");
    failsWith(
        plain
            .withClassLoader(new FilteredClassLoader("io.lettuce"))
            .withPropertyValues("weir.backend=redis"),
        "weir.backend is redis, which needs io.lettuce:lettuce-core");
    web.withPropertyValues("weir.limits.login=POST /login 5/minute by adress")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining(
                        "weir.limits.login is 'POST /login 5/minute by adress': it is by [adress],"
                            + " which requests do not have; they have"
                            + " [address, all, method, path, route, user]; did you mean"
                            + " 'address'?"));
    web.withPropertyValues("weir.limits.login=5/minute by account")
        .run(context -> assertThat(context).hasNotFailed());
  }

  private static void failsWith(ApplicationContextRunner application, String message) {
    application.run(
        context -> assertThat(context.getStartupFailure()).hasStackTraceContaining(message));
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
  void beansAreNotProxiedWhereSpringIsToldNotTo() {
    String proxies = "org.springframework.aop.config.internalAutoProxyCreator";
    plain.run(context -> assertThat(context).hasBean(proxies));
    plain
        .withPropertyValues("spring.aop.auto=false")
        .run(context -> assertThat(context).doesNotHaveBean(proxies));
  }

  @Test
  void settingsAreToldWithoutTheirSecrets() {
    plain
        .withPropertyValues(
            "weir.redis.uri=redis://me:pass/word@redis.internal",
            "weir.redis.cluster=redis://other:word@redis.internal",
            "weir.filter.api-key-secret=pepper")
        .run(
            context ->
                assertThat(context.getBean(WeirProperties.class).toString())
                    .contains("***@redis.internal")
                    .doesNotContain("word", "pepper"));
  }

  @Test
  void whatTheRulesDoNotKnowIsNoLabel() {
    plain
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues("weir.limits.per-user=1/day by user")
        .run(
            context -> {
              RateLimiter limiter = context.getBean(RateLimiter.class);
              limiter.check(Request.of("made-up", "user", "42"));
              context
                  .getBean(DecisionMetrics.class)
                  .onDecision("made-up", limiter.check(Request.of("api", "user", "42")));

              MeterRegistry registry = context.getBean(MeterRegistry.class);
              assertThat(registry.find("weir.decisions").tag("domain", "made-up").counters())
                  .isEmpty();
              assertThat(
                      registry
                          .find("weir.decisions")
                          .tags("domain", "other", "rule", "override")
                          .counters())
                  .hasSize(1);
            });
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
    limited
        .withPropertyValues("weir.filter.url-patterns=*.do")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining(
                        "weir.filter.url-patterns has '*.do'; on WebFlux it must be a path"));
    RateLimiter blocking =
        (RateLimiter)
            Proxy.newProxyInstance(
                RateLimiter.class.getClassLoader(),
                new Class<?>[] {RateLimiter.class},
                (proxy, method, arguments) -> "mine");
    limited
        .withBean(RateLimiter.class, () -> blocking)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("the limiter mine would block WebFlux"));
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

  @Test
  void decisionsAreCountedWithoutAnyAttributeOfRequests() {
    plain
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues("weir.limits.per-user=1/day by user")
        .run(
            context -> {
              RateLimiter limiter = context.getBean(RateLimiter.class);
              AsyncRateLimiter async = context.getBean(AsyncRateLimiter.class);
              Request request = Request.of("api", "user", "42");
              limiter.check(request);
              async.checkAsync(request).toCompletableFuture().join();
              limiter.checkDescriptors(
                  new DescriptorsRequest(
                      "api", List.of(RequestedDescriptor.of(new Entry("user", "42")))));
              limiter.check(Request.of("api", "nobody", "42"));

              MeterRegistry registry = context.getBean(MeterRegistry.class);
              assertThat(count(registry, "per-user", "allow", "within_limit")).isEqualTo(1);
              assertThat(count(registry, "per-user", "deny", "over_limit")).isEqualTo(2);
              assertThat(count(registry, "none", "allow", "no_rule")).isEqualTo(1);

              long now = limiter.check(request.peek()).nowMillis();
              limiter.reset(request);
              async.refundAsync(request, now).toCompletableFuture().join();
              assertThat(registry.find("weir.decisions").counters()).hasSize(3);
            });
  }

  private static double count(MeterRegistry registry, String rule, String verdict, String reason) {
    return registry
        .get("weir.decisions")
        .tags(
            "domain",
            "api",
            "rule",
            rule,
            "verdict",
            verdict,
            "reason",
            reason,
            "degraded",
            "false")
        .counter()
        .count();
  }
}
