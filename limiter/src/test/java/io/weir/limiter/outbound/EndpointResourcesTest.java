package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that counts several resources apart behind one host, as GitHub does. */
class EndpointResourcesTest extends OutboundKit {
  private static final Limit INITIAL = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(5);

  private EndpointRateLimiter.Builder builder() {
    return prepared(EndpointRateLimiter.builder(INITIAL))
        .name("github")
        .limit("/**", INITIAL)
        .adaptive(it -> it.safety(0.9));
  }

  @Test
  void eachResourceHasALimitOfItsOwn() {
    EndpointRateLimiter limiter = builder().build();
    answer(limiter, "GET //api/repos/weir", "core", 5_000, 4_000);
    answer(limiter, "GET //api/search/code", "search", 30, 0);

    assertThat(limiter.availableTokens("GET //api/search/code")).isZero();
    assertThat(limiter.availableTokens("GET //api/repos/weir")).isEqualTo(400);
    assertThat(limiter.limit("GET //api/repos/weir").requests()).isEqualTo(1);
    assertThat(limiter.limit("GET //api/repos/weir").periodMillis()).isEqualTo(1_000);
    assertThat(limiter.endpoints()).isEqualTo(1);
    timer.advance(60_000);
    answer(limiter, "GET //api/search/code", "search", 30, 29);
    assertThat(limiter.limit("GET //api/search/code").periodMillis()).isEqualTo(20_000);
    assertThat(limiter.limit("GET //api/search/code").requests()).isEqualTo(9);
  }

  @Test
  void aPathThatWasNeverAnsweredGoesByTheLongestBeginningThatWas() {
    EndpointRateLimiter limiter = builder().build();
    answer(limiter, "GET //api/search/issues", "search", 30, 0);
    answer(limiter, "GET //api/search/code", "code_search", 10, 9);
    answer(limiter, "GET //api/repos/weir/limiter", "core", 5_000, 4_000);

    assertThat(limiter.availableTokens("GET //api/search/issues")).isZero();
    assertThat(limiter.availableTokens("GET //api/search/issues/7")).isZero();
    assertThat(limiter.limit("GET //api/search/new"))
        .isEqualTo(limiter.limit("GET //api/search/code"));
    assertThat(limiter.limit("GET //api/repos/x")).isEqualTo(limiter.limit("GET //api/repos/weir"));
  }

  @Test
  void whatNoBeginningIsKnownOfGoesByTheLastAnswerOfItsPattern() {
    EndpointRateLimiter limiter = builder().build();
    answer(limiter, "GET //api/repos/weir", "core", 5_000, 4_000);
    answer(limiter, "GET //api/search/issues", "search", 30, 0);

    assertThat(limiter.availableTokens("POST //api/graphql")).isZero();
    answer(limiter, "POST //api/graphql", "graphql", 5_000, 4_000);
    assertThat(limiter.availableTokens("POST //api/graphql")).isEqualTo(400);
    assertThat(limiter.availableTokens("GET //other/search/issues")).isEqualTo(5);
  }

  @Test
  void aResourceThatAPathIsMovedToCountsFromThenOn() {
    EndpointRateLimiter limiter = builder().build();
    answer(limiter, "GET //api/a", "core", 5_000, 4_000);
    answer(limiter, "GET //api/b", "search", 30, 0);

    answer(limiter, "GET //api/a", "search", 30, 0);
    assertThat(limiter.availableTokens("GET //api/a")).isZero();
  }

  @Test
  void whereOneResourceIsNamedItGoesOnAsBefore() {
    EndpointRateLimiter limiter = builder().build();
    limiter.acquire("GET //api/a", 5);
    CompletableFuture<String> waits =
        limiter.executeAsync("GET //api/a", () -> CompletableFuture.completedFuture("a"));

    answer(limiter, "GET //api/a", "core", 5_000, 0);
    timer.advance(3_599_999);
    assertThat(waits).isNotDone();
    timer.advance(2_000);
    assertThat(waits).isCompleted();
  }

  @Test
  void aRefusalThoughSomethingIsLeftIsOfAllResources() {
    EndpointRateLimiter limiter = builder().build();
    answer(limiter, "GET //api/repos/weir", "core", 5_000, 4_000);
    answer(limiter, "GET //api/search/code", "search", 30, 20);

    answer(limiter, 429, "GET //api/search/code", "search", 30, 0);
    assertThat(limiter.acquire("GET //api/repos/weir", 1)).isZero();
    limiter.onAnswer(
        "GET //api/repos/weir",
        403,
        fields("core", 5_000, 3_900, Map.of("retry-after", "120"))::get);
    assertThat(limiter.acquire("GET //api/repos/weir", 1)).isGreaterThan(Duration.ofSeconds(119));
    assertThat(limiter.acquire("GET //api/search/code", 1)).isGreaterThan(Duration.ofSeconds(119));
  }

  @Test
  void placesAreSharedByAllResources() {
    EndpointRateLimiter limiter = builder().concurrency(1).build();
    answer(limiter, "GET //api/a", "core", 5_000, 4_000);
    answer(limiter, "GET //api/b", "search", 30, 20);
    CompletableFuture<String> stage = new CompletableFuture<>();
    var running = limiter.executeAsync("GET //api/a", () -> stage);
    var waiting = limiter.executeAsync("GET //api/b", () -> CompletableFuture.completedFuture("b"));

    assertThat(waiting).isNotDone();
    stage.complete("a");
    assertThat(running).isCompleted();
    assertThat(waiting).isCompleted();
  }

  @Test
  void resourcesBeyondSixteenShareALimiter() {
    EndpointRateLimiter limiter = builder().build();
    for (int i = 0; i < 20; i++) {
      answer(limiter, "GET //api/" + i, "r" + i, 5_000, 4_000);
    }

    limiter.acquire("GET //api/19", 2);
    assertThat(limiter.availableTokens("GET //api/18")).isEqualTo(398);
    assertThat(limiter.availableTokens("GET //api/0")).isEqualTo(398);
    assertThat(limiter.availableTokens("GET //api/1")).isEqualTo(400);
  }

  @Test
  void pathsWithoutEndAreForgottenBeforeTheirBeginnings() {
    EndpointRateLimiter limiter = builder().build();
    answer(limiter, "GET //api/search/code", "search", 30, 0);
    for (int i = 0; i < 1_000; i++) {
      answer(limiter, "GET //api/repos/" + i, "core", 5_000, 4_000);
    }

    assertThat(limiter.availableTokens("GET //api/repos/0")).isEqualTo(400);
    assertThat(limiter.limit("GET //api/repos/new").periodMillis()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a,b", "ä"})
  void whatIsNoNameNamesNothing(String resource) {
    EndpointRateLimiter limiter = builder().build();
    answer(limiter, "GET //api/a", "core", 5_000, 4_000);

    answer(limiter, "GET //api/a", resource, 5_000, 0);
    assertThat(limiter.availableTokens("GET //api/a")).isZero();
  }

  @Test
  void anUpdateOfAPatternIsForAllItsResources() {
    EndpointRateLimiter limiter = builder().build();
    answer(limiter, "GET //api/a", "core", 5_000, 4_000);
    answer(limiter, "GET //api/b", "search", 30, 20);

    limiter.updateRateLimit("/**", INITIAL.withBurst(7));
    assertThat(limiter.limit("GET //api/a").burst()).isEqualTo(7);
    assertThat(limiter.limit("GET //api/b").burst()).isEqualTo(7);
  }

  private static void answer(
      EndpointRateLimiter limiter, String endpoint, String resource, int limit, int remaining) {
    answer(limiter, 200, endpoint, resource, limit, remaining);
  }

  private static void answer(
      EndpointRateLimiter limiter,
      int status,
      String endpoint,
      String resource,
      int limit,
      int remaining) {
    limiter.onAnswer(endpoint, status, fields(resource, limit, remaining, Map.of())::get);
  }

  /** A window of an hour of which all is left, or of a minute where the limit is a small one. */
  private static Fields fields(
      String resource, int limit, int remaining, Map<String, String> others) {
    return new Fields(
        Map.of(
            "x-ratelimit-limit",
            Integer.toString(limit),
            "x-ratelimit-remaining",
            Integer.toString(remaining),
            "x-ratelimit-reset",
            limit < 100 ? "60" : "3600",
            "x-ratelimit-resource",
            resource),
        others);
  }

  private record Fields(Map<String, String> some, Map<String, String> others) {
    List<String> get(String name) {
      String key = name.toLowerCase(Locale.ROOT);
      String value = some.getOrDefault(key, others.get(key));
      return value == null ? List.of() : List.of(value);
    }
  }

  @Test
  void listenersAreToldTheResource() {
    List<String> names = new ArrayList<>();
    EndpointRateLimiter limiter =
        builder()
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    names.add(name);
                  }
                })
            .build();
    answer(limiter, "GET //api/a", "core", 5_000, 4_000);
    answer(limiter, "GET //api/b", "search", 30, 29);

    limiter.tryAcquire("GET //api/a");
    limiter.tryAcquire("GET //api/b");
    assertThat(names).containsExactly("github //api/**", "github //api/** (search)");
  }
}
