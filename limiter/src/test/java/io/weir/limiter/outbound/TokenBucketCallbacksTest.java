package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What belongs to others: timers, clocks, executors, listeners and calls, and what they may do. */
class TokenBucketCallbacksTest extends TokenBucketKit {
  @Test
  void turnsComeBeforeListenersAreToldAndWhateverTheyThrow() {
    List<String> order = new ArrayList<>();
    TokenBucketRateLimiter told =
        builder(TEN)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    order.add("told");
                    throw new AssertionError("a listener's");
                  }
                })
            .build();
    told.acquire(5);
    order.clear();
    for (String name : List.of("a", "b")) {
      var unused = told.reserve(1, LONG).thenRun(() -> order.add(name));
    }
    told.updateRateLimit(Limit.tokenBucket(10_000, Duration.ofSeconds(1)).withBurst(5));

    timer.advance(10);
    assertThat(order).containsExactly("a", "b", "told", "told");
  }

  @Test
  void aTimerThatWasClosedKeepsNobodyWaiting() {
    limiter.acquire(5);
    timer.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> limiter.execute(() -> 1))
        .withMessage("the timer of 'api' is closed");
    assertThat(limiter.waiting()).isZero();
  }

  @Test
  void aTimerThatFailsKeepsNobodyWaiting() {
    TokenBucketRateLimiter untimed =
        builder(TEN)
            .timer(
                (task, delay) -> {
                  throw new OutOfMemoryError("unable to create native thread");
                })
            .build();
    untimed.acquire(5);

    assertThatIllegalStateException()
        .isThrownBy(() -> untimed.execute(() -> 1))
        .withMessage("the timer of 'api' failed")
        .withCauseInstanceOf(OutOfMemoryError.class);
    assertThat(untimed.waiting()).isZero();
    assertThat(untimed.acquire(1)).hasMillis(100);
  }

  @Test
  void aClockThatFailsWhenSomebodyIsToBeWokenKeepsNobodyWaiting() {
    AtomicBoolean fails = new AtomicBoolean();
    TokenBucketRateLimiter untimed =
        builder(TEN)
            .clock(
                () -> {
                  if (fails.get()) {
                    throw new IllegalStateException("no clock");
                  }
                  return clock.instant();
                })
            .build();
    untimed.acquire(5);
    CompletableFuture<Void> turn = untimed.reserve(1, LONG);

    fails.set(true);
    timer.advance(100);
    assertThatThrownBy(turn::join)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the clock of 'api' failed");
    fails.set(false);
    assertThat(untimed.waiting()).isZero();
    assertThat(untimed.tryAcquire()).isTrue();
    assertThat(untimed.acquire(1)).hasMillis(100);
  }

  @Test
  void anExecutorThatRejectsFailsTheCall() {
    TokenBucketRateLimiter rejected =
        builder(TEN)
            .executor(
                task -> {
                  throw new RejectedExecutionException("closed");
                })
            .build();
    rejected.acquire(5);
    CompletableFuture<Integer> call =
        rejected.executeAsync(() -> CompletableFuture.completedFuture(1));

    timer.advance(100);
    assertThatThrownBy(call::join).hasCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void aListenerThatThrowsDisturbsNothing() {
    TokenBucketRateLimiter disturbed =
        builder(TEN)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    throw new IllegalStateException("listener");
                  }
                })
            .listener(new OutboundListener() {})
            .build();

    assertThat(disturbed.tryAcquire(5)).isTrue();
    CompletableFuture<Void> turn = disturbed.reserve(1, LONG);
    timer.advance(100);
    assertThat(turn).isCompleted();
  }

  @Test
  void aListenerMayUseTheLimiter() {
    List<Long> seen = new ArrayList<>();
    List<TokenBucketRateLimiter> self = new ArrayList<>();
    TokenBucketRateLimiter watched =
        builder(TEN)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    seen.add(self.get(0).availableTokens());
                    if (tokens == 2) {
                      self.get(0).acquire(1);
                    }
                  }
                })
            .build();
    self.add(watched);

    watched.acquire(2);
    assertThat(seen).containsExactly(3L, 2L);
  }

  @Test
  void aCallMayUseTheLimiterAtItsTurn() {
    limiter.acquire(5);
    CompletableFuture<String> call =
        limiter.executeAsync(
            () -> {
              limiter.updateRateLimit(TEN.withBurst(9));
              return executeAsync("inner", 1);
            });

    timer.advance(200);
    assertThat(call).isCompletedWithValue("inner");
  }
}
