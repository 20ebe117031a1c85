package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How many limiters there are, and which are forgotten. */
class EndpointStoreTest extends EndpointKit {
  @Test
  void whoOnlyAsksMakesNoLimiter() {
    EndpointRateLimiter limiter = builder().maxEndpoints(1).limit("/wide/**", FIVE).build();

    assertThat(limiter.limit("/wide/x")).isEqualTo(FIVE);
    assertThat(limiter.availableTokens("/a")).isEqualTo(2);
    assertThat(limiter.waiting("/b")).isZero();
    assertThat(limiter.endpoints()).isZero();
    limiter.tryAcquire("/a");
    assertThat(limiter.availableTokens("/a")).isEqualTo(1);
    assertThat(limiter.endpoints()).isEqualTo(1);
  }

  @Test
  void whatIsIdleForLongIsForgottenOnceItIsFull() {
    EndpointRateLimiter limiter = builder().idleAfter(Duration.ofMillis(150)).build();
    limiter.acquire("/a", 2);

    timer.advance(150);
    limiter.tryAcquire("/b");
    assertThat(limiter.endpoints()).isEqualTo(2);
    timer.advance(50);
    limiter.tryAcquire("/c");
    assertThat(limiter.endpoints()).isEqualTo(2);
    assertThat(limiter.availableTokens("/a")).isEqualTo(2);
  }

  @Test
  void whoWaitsOrRunsIsNotForgotten() {
    EndpointRateLimiter limiter = builder().idleAfter(Duration.ZERO).concurrency(1).build();
    CompletableFuture<String> answer = new CompletableFuture<>();
    var running = limiter.executeAsync("/a", () -> answer);
    timer.advance(60_000);

    limiter.tryAcquire("/b");
    assertThat(limiter.executeAsync("/a", () -> CompletableFuture.completedFuture("2")))
        .isNotDone();
    answer.complete("1");
    assertThat(running).isCompleted();
  }

  @Test
  void whereThereIsNoRoomWhatIsIdleGoesFirst() {
    EndpointRateLimiter limiter = builder().maxEndpoints(2).build();
    limiter.tryAcquire("/a");
    makeFull(limiter, "/b");

    limiter.acquire("/c", 2);
    assertThat(limiter.endpoints()).isEqualTo(2);
    assertThat(limiter.availableTokens("/a")).isEqualTo(1);
  }

  @Test
  void whatIsIdleBehindManyThatAreInUseIsFoundInTheEnd() {
    EndpointRateLimiter limiter = builder().maxEndpoints(100).build();
    for (int i = 0; i < 99; i++) {
      limiter.tryAcquire("/busy/" + i);
    }
    makeFull(limiter, "/idle");

    for (int i = 0; i < 10; i++) {
      makeFull(limiter, "/new");
    }
    limiter.tryAcquire("/new");
    limiter.tryAcquire("/further");
    assertThat(limiter.availableTokens("/new")).isEqualTo(1);
  }

  @Test
  void whereAllAreInUseFurtherOnesShareOne() {
    EndpointRateLimiter limiter = builder().maxEndpoints(1).build();
    limiter.tryAcquire("/a");

    assertThat(limiter.acquire("/b", 2)).isZero();
    assertThat(limiter.tryAcquire("/c")).isFalse();
    assertThat(limiter.endpoints()).isEqualTo(2);
    timer.advance(60_000);
    assertThat(limiter.tryAcquire("/c")).isTrue();
    assertThat(limiter.endpoints()).isEqualTo(1);
  }

  @Test
  void whereAllAreInUseWhatAPatternMatchesKeepsItsLimit() {
    EndpointRateLimiter limiter =
        builder()
            .maxEndpoints(1)
            .limit("/wide/**", FIVE)
            .limit("/one/**", TWO.withBurst(1))
            .build();
    limiter.tryAcquire("/a");

    assertThat(limiter.limit("//h1/wide/x")).isEqualTo(FIVE);
    assertThat(limiter.acquire("//h1/wide/x", 4)).isZero();
    assertThat(limiter.availableTokens("//h2/wide/x")).isEqualTo(1);
    assertThat(limiter.tryAcquire("//h1/one/x")).isTrue();
    assertThat(limiter.tryAcquire("//h2/one/x")).isFalse();
    assertThat(limiter.limit("/b")).isEqualTo(TWO);

    limiter.updateRateLimit("/wide/**", FIVE.withBurst(9));
    assertThat(limiter.availableTokens("//h3/wide/x")).isEqualTo(5);
  }

  @Test
  void closingEndsThoseThatShareALimiterToo() {
    EndpointRateLimiter limiter = builder().maxEndpoints(1).build();
    limiter.tryAcquire("/a");
    limiter.acquire("/b", 2);
    var waiting = limiter.executeAsync("/b", () -> CompletableFuture.completedFuture(1));

    limiter.close();
    assertThat(waiting).isCompletedExceptionally();
  }

  @Test
  void whatWasFullAndNotUsedForJustSoLongIsForgotten() {
    EndpointRateLimiter limiter = builder().idleAfter(Duration.ofMillis(150)).build();
    timer.advance(1_000);
    makeFull(limiter, "/a");

    timer.advance(149);
    makeFull(limiter, "/b");
    assertThat(limiter.endpoints()).isEqualTo(2);
    timer.advance(1);
    makeFull(limiter, "/c");
    assertThat(limiter.endpoints()).isEqualTo(2);
  }

  @Test
  void whatRunsOnItsCallersThreadIsNotForgottenBeforeItEnded() throws Exception {
    EndpointRateLimiter limiter = builder().idleAfter(Duration.ZERO).adaptive(it -> {}).build();
    int during =
        limiter.execute(
            "/a",
            () -> {
              limiter.onAnswer("/a", 200, name -> List.of());
              timer.advance(60_000);
              makeFull(limiter, "/b");
              return limiter.endpoints();
            });

    assertThat(during).isEqualTo(2);
    makeFull(limiter, "/c");
    assertThat(limiter.endpoints()).isEqualTo(1);
  }

  @Test
  void whatFurtherOnesShareIsKeptAsLongAsItIsInUse() {
    EndpointRateLimiter limiter = builder().maxEndpoints(1).build();
    limiter.tryAcquire("/a");
    limiter.acquire("/b", 2);

    timer.advance(100);
    limiter.tryAcquire("/c");
    assertThat(limiter.endpoints()).isEqualTo(2);
    assertThat(limiter.availableTokens("/d")).isEqualTo(1);
  }

  /** Makes the limiter of an endpoint, which stays full, by asking for more than it can give. */
  private static void makeFull(EndpointRateLimiter limiter, String endpoint) {
    assertThatIllegalArgumentException().isThrownBy(() -> limiter.acquire(endpoint, 99));
  }
}
