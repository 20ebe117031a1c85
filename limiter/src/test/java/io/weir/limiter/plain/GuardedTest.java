package io.weir.limiter.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class GuardedTest {
  private final FakeClock clock = new FakeClock(1_800_000_000_000L);
  private final KeyedLimiter<String> limiter =
      KeyedLimiter.builder(Limit.tokenBucket(2, Duration.ofSeconds(1))).clock(clock).build();
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void callsOfAKeyAreMadeUntilItsLimitIsReached() throws Exception {
    assertThat(limiter.guard("alice", calls::incrementAndGet)).isEqualTo(1);
    assertThat(limiter.guard("bob", 2, calls::incrementAndGet)).isEqualTo(2);
    assertThat(limiter.key("alice").guard(calls::incrementAndGet)).isEqualTo(3);

    assertThatThrownBy(() -> limiter.guard("alice", calls::incrementAndGet))
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            exceeded -> assertThat(exceeded.decision().retryAfterMillis()).hasValue(500))
        .hasMessage("alice is over its limit (token_bucket 2 per 1 s burst 2); retry in 500 ms");
    assertThat(calls).hasValue(3);
  }

  @Test
  void aCostAboveTheLimitIsNeverMade() {
    PlainLimiter one = PlainLimiter.of(Limit.fixedWindow(2, Duration.ofSeconds(1)), clock);

    assertThatThrownBy(() -> one.guard(3, calls::incrementAndGet))
        .isInstanceOf(LimitExceededException.class)
        .hasMessage(
            "the request asks for more than its limit (fixed_window 2 per 1 s) admits at once");
  }

  @Test
  void asynchronousCallsAreMadeUntilTheLimitIsReached() {
    PlainLimiter alice = limiter.key("alice");
    assertThat(
            limiter.guardAsync(
                "alice", 1, () -> CompletableFuture.completedFuture(calls.incrementAndGet())))
        .isCompletedWithValue(1);
    assertThat(
            alice.guardAsync(
                1, () -> CompletableFuture.failedFuture(new IllegalStateException("broken"))))
        .isCompletedExceptionally();

    assertThat(
            alice.guardAsync(1, () -> CompletableFuture.completedFuture(calls.incrementAndGet())))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(LimitExceededException.class);
    assertThat(calls).hasValue(1);
  }

  @Test
  void aCallThatReturnsNoStageFailsTheResult() {
    assertThat(limiter.guardAsync("alice", 1, GuardedTest::noStage))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(NullPointerException.class)
        .withMessageContaining("the call returned null; it must return a stage");
  }

  @SuppressWarnings("NullAway") // what a careless caller does
  private static CompletionStage<Integer> noStage() {
    return null;
  }

  @Test
  void whoHasATurnIsCalledInIt() throws Exception {
    KeyedLimiter<String> queue =
        KeyedLimiter.builder(new Limit(new LeakyBucket(), 1, 1, 10)).clock(clock).build();

    for (int i = 1; i <= 3; i++) {
      assertThat(queue.guard("reports", calls::incrementAndGet)).isEqualTo(i);
    }
    assertThat(
            queue
                .guardAsync(
                    "reports", 1, () -> CompletableFuture.completedFuture(calls.incrementAndGet()))
                .get(30, TimeUnit.SECONDS))
        .isEqualTo(4);
  }

  @Test
  void whoCancelsWhileWaitingIsNotCalled() throws Exception {
    KeyedLimiter<String> queue =
        KeyedLimiter.builder(new Limit(new LeakyBucket(), 1, 200, 10)).clock(clock).build();
    queue.guard("reports", calls::incrementAndGet);
    Supplier<CompletionStage<Integer>> call =
        () -> CompletableFuture.completedFuture(calls.incrementAndGet());

    boolean cancelled = queue.guardAsync("reports", 1, call).cancel(false);
    var unused = queue.guardAsync("reports", 1, call).get(30, TimeUnit.SECONDS);

    assertThat(calls).as("the turn of the second was before").hasValue(cancelled ? 2 : 3);
  }

  @Test
  void whoIsInterruptedWhileWaitingHasNotCalled() throws Exception {
    KeyedLimiter<String> queue =
        KeyedLimiter.builder(new Limit(new LeakyBucket(), 1, 60_000, 10)).clock(clock).build();
    queue.guard("reports", calls::incrementAndGet);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> queue.guard("reports", calls::incrementAndGet))
        .isInstanceOf(InterruptedException.class);
    assertThat(calls).hasValue(1);
  }

  @Test
  void aCallThatIsNotThereTakesNothing() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> limiter.guard("alice", noCall())).hasMessage("call");
      assertThatThrownBy(() -> limiter.guardAsync("alice", 1, noAsyncCall())).hasMessage("call");
      assertThatThrownBy(() -> limiter.key("alice").guard(noCall())).hasMessage("call");
      assertThatThrownBy(() -> limiter.key("alice").guardAsync(1, noAsyncCall()))
          .hasMessage("call");
    }

    assertThat(limiter.guard("alice", 2, calls::incrementAndGet)).isEqualTo(1);
  }

  @SuppressWarnings("NullAway") // as callers without such checks give it
  private static Callable<String> noCall() {
    return null;
  }

  @SuppressWarnings("NullAway") // the same
  private static Supplier<CompletionStage<String>> noAsyncCall() {
    return null;
  }
}
