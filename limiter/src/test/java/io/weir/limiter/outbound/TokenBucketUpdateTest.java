package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Other numbers while the limiter is in use. */
class TokenBucketUpdateTest extends TokenBucketKit {
  @Test
  void anUpdateKeepsWhatIsUsedAndReschedulesWhoWaits() {
    limiter.acquire(5);
    queue("a", 1);
    queue("b", 1);

    limiter.updateRateLimit(Limit.tokenBucket(100, Duration.ofSeconds(1)).withBurst(5));
    timer.advance(10);
    assertThat(started).containsExactly("a");
    timer.advance(10);
    assertThat(started).containsExactly("a", "b");
    assertThat(limiter.availableTokens()).isZero();
    assertThat(recorder.events).contains("limit 10 -> 100");
  }

  @Test
  void anUpdateToMoreLetsThoseWhoFitGoAtOnce() {
    limiter.acquire(5);
    queue("a", 1);
    queue("b", 1);

    limiter.updateRateLimit(TEN.withBurst(6));
    assertThat(started).containsExactly("a");
    assertThat(limiter.limit().burst()).isEqualTo(6);
  }

  @Test
  void anUpdateBelowWhatAWaiterWantsFailsItAndOthersMoveUp() {
    limiter.acquire(5);
    CompletableFuture<String> a = executeAsync("a", 4);
    queue("b", 1);

    limiter.updateRateLimit(TEN.withBurst(3));
    assertThatThrownBy(a::join)
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens is 4; it must be at most 3, the burst of 'api'");
    timer.advance(100);
    assertThat(started).containsExactly("b");
  }

  @Test
  void anUpdateThatMakesAWaiterMissItsDeadlineFailsItAtOnce() {
    limiter.acquire(5);
    CompletableFuture<Void> hurried = limiter.reserve(1, Duration.ofMillis(150));
    CompletableFuture<Void> patient = limiter.reserve(1, LONG);
    timer.advance(50);

    limiter.updateRateLimit(Limit.tokenBucket(1, Duration.ofSeconds(1)).withBurst(5));
    assertThatThrownBy(hurried::join)
        .hasCauseInstanceOf(RateLimitWaitException.class)
        .hasMessageContaining("after 550 ms, the call may wait 150 ms");
    timer.advance(500);
    assertThat(patient).isCompleted();
  }

  @Test
  void anUpdateAfterALateTimerFailsWhoCanNoLongerStartInTime() {
    TokenBucketRateLimiter single = builder(TEN.withBurst(1)).build();
    single.acquire(1);
    CompletableFuture<Void> first = single.reserve(1, LONG);
    CompletableFuture<Void> second = single.reserve(1, Duration.ofMillis(550));

    // The first was to start at 100, the second at 200; now that is at 500.
    clock.advance(Duration.ofMillis(400));
    assertThat(single.waiting()).isEqualTo(1);
    assertThat(first).isCompleted();
    single.updateRateLimit(Limit.tokenBucket(10, Duration.ofSeconds(3)).withBurst(1));
    assertThat(second).isDone();
    assertThatThrownBy(second::join)
        .hasCauseInstanceOf(RateLimitWaitException.class)
        .hasMessageContaining("after 700 ms, the call may wait 550 ms");
  }

  @Test
  void manySmallUpdatesFailAWaiterWhenItsDeadlineNoLongerFitsAndNotBefore() {
    limiter.acquire(5);
    queue("patient", 1);
    CompletableFuture<Void> hurried = limiter.reserve(1, Duration.ofMillis(250));
    queue("last", 1);

    for (int periodMillis = 1_000; periodMillis <= 1_250; periodMillis += 10) {
      limiter.updateRateLimit(Limit.tokenBucket(10, Duration.ofMillis(periodMillis)).withBurst(5));
    }
    assertThat(hurried).isNotDone();
    limiter.updateRateLimit(Limit.tokenBucket(10, Duration.ofMillis(1_260)).withBurst(5));
    assertThatThrownBy(hurried::join)
        .hasCauseInstanceOf(RateLimitWaitException.class)
        .hasMessageContaining("after 252 ms, the call may wait 250 ms");
    assertThat(limiter.waiting()).isEqualTo(2);
    timer.advance(252);
    assertThat(started).containsExactly("patient", "last");
  }

  @Test
  void shrinkingAndGrowingTheBurstGrantsNothing() {
    limiter.acquire(5);

    for (int i = 0; i < 3; i++) {
      limiter.updateRateLimit(TEN.withBurst(1));
      limiter.updateRateLimit(TEN.withBurst(5));
      assertThat(limiter.tryAcquire()).isFalse();
    }
    timer.advance(200);
    limiter.updateRateLimit(TEN.withBurst(1));
    assertThat(limiter.availableTokens()).isZero();
    timer.advance(100);
    assertThat(limiter.availableTokens()).isEqualTo(1);
    limiter.updateRateLimit(TEN.withBurst(5));
    assertThat(limiter.availableTokens()).isEqualTo(3);
    timer.advance(200);
    assertThat(limiter.availableTokens()).isEqualTo(5);
  }

  @Test
  void aSmallerBucketAsksNobodyToWaitForMoreThanItHolds() {
    limiter.acquire(5);

    limiter.updateRateLimit(TEN.withBurst(1));
    assertThat(limiter.acquire(1)).hasMillis(100);
  }
}
