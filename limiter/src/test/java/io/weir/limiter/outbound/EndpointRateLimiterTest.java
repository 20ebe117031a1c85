package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RateLimitAnswer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class EndpointRateLimiterTest extends EndpointKit {
  @Test
  void aNewEndpointHasALimiterOfItsOwnWithTheDefaultLimit() {
    EndpointRateLimiter limiter = builder().build();

    assertThat(limiter.acquire("GET /a", 2)).isZero();
    assertThat(limiter.tryAcquire("GET /a?page=2")).isFalse();
    assertThat(limiter.tryAcquire("GET /b")).isTrue();
    assertThat(limiter.availableTokens("GET /b")).isEqualTo(1);
    assertThat(limiter.limit("GET /b")).isEqualTo(TWO);
    assertThat(limiter.endpoints()).isEqualTo(2);
  }

  @Test
  void allThatAPatternMatchesSharesALimiterOnEachHost() {
    EndpointRateLimiter limiter =
        builder().limit("GET /repos/{owner}/**", FIVE).limit("GET /repos/{owner}", TWO).build();

    assertThat(limiter.acquire("GET //h1/repos/a/x", 5)).isZero();
    assertThat(limiter.tryAcquire("GET //h1/repos/b/y/z")).isFalse();
    assertThat(limiter.acquire("GET //h2/repos/b/y/z", 5)).isZero();
    assertThat(limiter.acquire("GET //h1/repos/a", 2)).isZero();
    assertThat(limiter.endpoints()).isEqualTo(3);
  }

  @Test
  void anUpdateOfAPatternHoldsForItsLimitersAndForThoseToCome() {
    EndpointRateLimiter limiter = builder().limit("/a/**", TWO).build();
    limiter.acquire("//h1/a/x", 2);

    limiter.updateRateLimit("/a/**", FIVE);
    assertThat(limiter.limit("//h1/a/x")).isEqualTo(FIVE);
    assertThat(limiter.availableTokens("//h1/a/x")).isEqualTo(3);
    assertThat(limiter.availableTokens("//h2/a/x")).isEqualTo(5);
  }

  @Test
  void patternsThatDifferInTheNamesOfTheirSegmentsAreOne() {
    EndpointRateLimiter limiter =
        builder().limit("/repos/{owner}/**", FIVE).limit("/repos/{o}/**", FIVE).build();
    assertThat(limiter.acquire("/repos/a/x", 5)).isZero();

    limiter.updateRateLimit("/repos/{any}/**", FIVE.withBurst(7));
    assertThat(limiter.limit("/repos/b")).isEqualTo(FIVE.withBurst(7));
    assertThat(limiter.availableTokens("/repos/b")).isEqualTo(2);
    assertThat(limiter.endpoints()).isEqualTo(1);
  }

  @Test
  void anUpdateOfOneEndpointKeepsWhatItUsed() {
    EndpointRateLimiter limiter = builder().build();
    limiter.acquire("GET /a", 2);

    limiter.updateRateLimit("GET /a", FIVE);
    assertThat(limiter.availableTokens("GET /a")).isEqualTo(3);
    assertThat(limiter.availableTokens("GET /b")).isEqualTo(2);
    limiter.updateRateLimit("GET /c", FIVE);
    assertThat(limiter.availableTokens("GET /c")).isEqualTo(5);
  }

  @Test
  void anUpdateOfOneEndpointOfAHostWithoutADotKeepsWhatItUsed() {
    EndpointRateLimiter limiter = builder().build();
    limiter.acquire("GET //orders/open", 2);
    limiter.acquire("//[::1]:8080/", 2);

    limiter.updateRateLimit("GET //orders/open", FIVE);
    limiter.updateRateLimit("//[::1]:8080/", FIVE);
    assertThat(limiter.availableTokens("GET //orders/open")).isEqualTo(3);
    assertThat(limiter.availableTokens("//[::1]:8080/")).isEqualTo(3);
    assertThat(limiter.endpoints()).isEqualTo(2);
  }

  @Test
  void eachLimiterFollowsTheAnswersOfItsEndpoint() {
    EndpointRateLimiter limiter = builder().adaptive(it -> it.safety(0.5)).build();

    limiter.onAnswer("/a", new RateLimitAnswer(429, List.of(), OptionalLong.of(5_000)));
    limiter.onAnswer("/b", 200, name -> List.of());
    assertThat(limiter.availableTokens("/a")).isZero();
    assertThat(limiter.availableTokens("/b")).isEqualTo(2);
    timer.advance(5_100);
    assertThat(limiter.availableTokens("/a")).isEqualTo(0);
    timer.advance(100);
    assertThat(limiter.availableTokens("/a")).isEqualTo(1);
  }

  @Test
  void withoutFollowingAnswersChangeNothing() {
    EndpointRateLimiter limiter = builder().build();

    limiter.onAnswer("/a", new RateLimitAnswer(429, List.of(), OptionalLong.of(5_000)));
    assertThat(limiter.endpoints()).isZero();
    assertThat(limiter.tryAcquire("/a")).isTrue();
  }

  @Test
  void listenersAreToldHostsAndPatternsAndNotPaths() {
    List<String> names = new CopyOnWriteArrayList<>();
    EndpointRateLimiter limiter =
        builder()
            .limit("/a/{id}", TWO)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    names.add(name);
                  }
                })
            .build();

    limiter.tryAcquire("//h/a/1");
    limiter.tryAcquire("//h/b/1");
    limiter.tryAcquire("API.example.com:8443/a/1");
    limiter.tryAcquire("/a/1");
    assertThat(names)
        .containsExactly(
            "api //h/a/{id}", "api (default)", "api api.example.com:8443/a/{id}", "api /a/{id}");
  }

  @Test
  void closingEndsAll() {
    EndpointRateLimiter limiter = builder().build();
    limiter.acquire("/a", 2);
    var waiting = limiter.executeAsync("/a", () -> CompletableFuture.completedFuture(1));

    limiter.close();
    assertThat(waiting).isCompletedExceptionally();
    assertThatIllegalStateException()
        .isThrownBy(() -> limiter.tryAcquire("/b"))
        .withMessage("'api' is closed");
  }

  @Test
  void patternsThatMatchTheSameHaveOneLimit() {
    EndpointRateLimiter.Builder builder = builder().limit("GET /a/{b}", TWO);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.limit("GET /a/{c}", FIVE))
        .withMessage(
            "the patterns 'GET /a/{b}' and 'GET /a/{c}' match the same and have different limits;"
                + " leave one out");
    builder.limit("GET /a/{c}", TWO).limit("GET /a/{b}", TWO);
    assertThat(builder.build().limit("GET /a/1")).isEqualTo(TWO);
  }

  @Test
  void settingsThatMakeNoSenseAreErrors() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxEndpoints(0))
        .withMessage("maxEndpoints is 0; it must be 1 or more");
    assertThatIllegalArgumentException().isThrownBy(() -> builder().limit("/**/a", TWO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().limit("/a", Limit.fixedWindow(1, LONG)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().idleAfter(Duration.ofMillis(-1)));
  }

  @Test
  void anUpdateOfOnePatternLeavesTheOthersAlone() {
    EndpointRateLimiter limiter = builder().limit("/a/**", TWO).limit("/b/**", TWO).build();
    limiter.tryAcquire("/a/x");
    limiter.tryAcquire("/b/x");

    limiter.updateRateLimit("/a/**", FIVE);
    assertThat(limiter.limit("/a/x")).isEqualTo(FIVE);
    assertThat(limiter.limit("/b/x")).isEqualTo(TWO);
  }

  @Test
  void settingsOfHowAnswersAreFollowedAddUp() {
    EndpointRateLimiter limiter =
        builder()
            .adaptive(it -> it.safety(0.5))
            .adaptive(it -> it.longest(Duration.ofHours(1)))
            .build();

    limiter.onAnswer(
        "/a",
        200,
        name -> name.equals("RateLimit-Policy") ? List.of("\"p\";q=100;w=60") : List.of());
    assertThat(limiter.limit("/a").burst()).isEqualTo(50);
  }
}
