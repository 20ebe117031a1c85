package io.weir.limiter.http.servlet;

import static io.weir.limiter.rule.Descriptor.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.RateLimiter;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.redis.RedisProcess;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.redis.SharedRedis;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that come at the same time to real containers are admitted to the limit exactly. */
class ContainersTest {
  private static final int LIMIT = 60;
  private static final int REQUESTS = 200;

  /** A bucket that gets no token back while a test runs. */
  private static final DomainRules RULES =
      DomainRules.of(
          "api", key("address").limit(RuleLimit.perDay(LIMIT).algorithm(new TokenBucket())));

  private enum Backend {
    MEMORY {
      @Override
      RateLimiter create(String prefix) {
        return RateLimiter.inMemory(RuleSet.of(RULES));
      }
    },
    REDIS {
      @Override
      RateLimiter create(String prefix) {
        RuleSet rules = RuleSet.of(RULES);
        return RedisRateLimiter.builder(() -> rules)
            .uri(SharedRedis.uri())
            .keyPrefix(prefix)
            .timeout(Duration.ofSeconds(30))
            .build();
      }
    };

    /** A limiter whose state begins with the prefix. */
    abstract RateLimiter create(String prefix);
  }

  static Stream<Arguments> combinations() {
    return Stream.of(WebContainer.Kind.values())
        .flatMap(
            kind ->
                Stream.of(Backend.values())
                    .flatMap(
                        backend ->
                            Stream.of(false, true)
                                .map(async -> Arguments.of(kind, backend, async))));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void concurrentClientsAreAdmittedToTheLimitExactly(
      WebContainer.Kind kind, Backend backend, boolean async) {
    try (RateLimiter limiter = backend.create(SharedRedis.newPrefix())) {
      TestApplication application =
          new TestApplication(
              RateLimitFilter.builder(limiter).rules(RULES).async(async).failOpen(false).build());
      try (WebContainer container = WebContainer.start(kind, application)) {
        List<Integer> statuses =
            all(IntStream.range(0, REQUESTS).mapToObj(i -> () -> ask(container, i)));

        assertThat(statuses).filteredOn(status -> status == 200).hasSize(LIMIT);
        assertThat(statuses).filteredOn(status -> status == 429).hasSize(REQUESTS - LIMIT);
        assertThat(application.requests).hasValue(LIMIT);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("synchronousOrNot")
  void twoServersSpendFromOneBudgetOnRedis(boolean async) {
    String prefix = SharedRedis.newPrefix();
    try (RateLimiter here = Backend.REDIS.create(prefix);
        RateLimiter there = Backend.REDIS.create(prefix)) {
      try (WebContainer one = start(WebContainer.Kind.JETTY, here, async);
          WebContainer other = start(WebContainer.Kind.TOMCAT, there, async)) {
        List<Integer> statuses =
            all(IntStream.range(0, REQUESTS).mapToObj(i -> () -> ask(i % 2 == 0 ? one : other, i)));

        assertThat(statuses).filteredOn(status -> status == 200).hasSize(LIMIT);
      }
    }
  }

  private static WebContainer start(WebContainer.Kind kind, RateLimiter limiter, boolean async) {
    return WebContainer.start(
        kind,
        new TestApplication(RateLimitFilter.builder(limiter).rules(RULES).async(async).build()));
  }

  @ParameterizedTest
  @MethodSource("synchronousOrNot")
  void whereRedisIsAwayTheRuleSaysWhatIsAnsweredAndTheAnswerThatItDid(boolean async) {
    RedisProcess redis = RedisProcess.start();
    RuleSet rules =
        RuleSet.of(
            DomainRules.of(
                "api",
                key("route", "/allowed").limit(RuleLimit.perDay(1).onError(OnError.ALLOW)),
                key("route", "/denied").limit(RuleLimit.perDay(1).onError(OnError.DENY)),
                key("route", "/local").limit(RuleLimit.perDay(1).onError(OnError.LOCAL))));
    try (redis;
        RedisRateLimiter limiter =
            RedisRateLimiter.builder(() -> rules)
                .uri(redis.uri())
                .timeout(Duration.ofMillis(100))
                .build()) {
      redis.kill();
      RateLimitFilter filter =
          RateLimitFilter.builder(limiter).rules(rules.domains().get(0)).async(async).build();
      try (WebContainer container =
          WebContainer.start(WebContainer.Kind.JETTY, new TestApplication(filter))) {
        assertThat(degraded(container.get("/allowed"))).isEqualTo("200 allow");
        assertThat(degraded(container.get("/denied"))).isEqualTo("503 deny");
        assertThat(degraded(container.get("/local"))).isEqualTo("200 local");
        assertThat(degraded(container.get("/local"))).isEqualTo("429 local");
        assertThat(degraded(container.get("/unlimited"))).isEqualTo("200 -");
        assertThat(filter.failures()).isZero();
      }
    }
  }

  private static String degraded(HttpResponse<String> response) {
    return response.statusCode() + " " + response.headers().firstValue("Weir-Degraded").orElse("-");
  }

  static Stream<Boolean> synchronousOrNot() {
    return Stream.of(false, true);
  }

  private static CompletableFuture<Integer> ask(WebContainer container, int i) {
    String path = i % 3 == 0 ? "/async" : "/page";
    return container.sendAsync(container.request(path)).thenApply(HttpResponse::statusCode);
  }

  /** What all answer that are asked at once. */
  private static List<Integer> all(Stream<Supplier<CompletableFuture<Integer>>> questions) {
    List<CompletableFuture<Integer>> answers = questions.map(Supplier::get).toList();
    return answers.stream().map(CompletableFuture::join).toList();
  }
}
