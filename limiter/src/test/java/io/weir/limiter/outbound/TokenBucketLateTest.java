package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a timer does to deadlines that rings too late. */
class TokenBucketLateTest extends TokenBucketKit {
  private final TokenBucketRateLimiter slow =
      builder(Limit.tokenBucket(1, Duration.ofSeconds(1)).withBurst(1)).build();

  /** So late do all alarms ring that are set already. */
  private void delayTimer(long millis) {
    clock.advance(Duration.ofMillis(millis));
  }

  @Test
  void aTurnThatComesPastItsDeadlineFailsAndItsTokensAreThereForOthers() {
    slow.tryAcquire();
    CompletableFuture<Void> turn = slow.reserve(1, Duration.ofSeconds(1));

    delayTimer(3_600_000);
    timer.advance(1_000);
    assertThat(turn).isCompletedExceptionally();
    assertThatThrownBy(turn::join)
        .hasCauseInstanceOf(RateLimitWaitException.class)
        .hasMessageContaining("is to be had after 1 h 1 s, the call may wait 1 s");
    assertThat(recorder.events)
        .containsExactly(
            "acquired 1 after 0",
            "waits for BUCKET 1000 behind 0",
            "rejected 1: RateLimitWaitException");
    assertThat(slow.availableTokens()).isEqualTo(1);
    assertThat(slow.waiting()).isZero();
  }

  @Test
  void aTurnThatFailsAsItIsLateLetsTheNextOneStartInItsPlace() {
    slow.tryAcquire();
    CompletableFuture<Void> first = slow.reserve(1, Duration.ofSeconds(1));
    CompletableFuture<Void> second = slow.reserve(1, Duration.ofSeconds(2));

    delayTimer(900);
    timer.advance(1_000);
    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompletedWithValue(null);
  }

  @Test
  void whomALateStartPutsOffPastItsDeadlineFailsAtOnceAndOthersMoveUp() {
    slow.tryAcquire();
    CompletableFuture<Void> first = slow.reserve(1, LONG);
    CompletableFuture<Void> second = slow.reserve(1, Duration.ofSeconds(2));
    CompletableFuture<Void> third = slow.reserve(1, Duration.ofSeconds(3));

    delayTimer(900);
    timer.advance(1_000);
    assertThat(first).isCompletedWithValue(null);
    assertThat(second).isCompletedExceptionally();
    assertThatThrownBy(second::join)
        .hasCauseInstanceOf(RateLimitWaitException.class)
        .hasMessageContaining("is to be had after 2 s 900 ms, the call may wait 2 s");
    timer.advance(999);
    assertThat(third).isNotDone();
    timer.advance(1);
    assertThat(third).isCompletedWithValue(null);
  }

  @Test
  void aTurnThatComesAtItsDeadlineIsInTime() {
    slow.tryAcquire();
    CompletableFuture<Void> turn = slow.reserve(1, Duration.ofMillis(1_500));

    delayTimer(500);
    timer.advance(1_000);
    assertThat(turn).isCompletedWithValue(null);
  }

  @Test
  void anAlarmThatRingsWhileAnotherThreadSetsTheNextOneLeavesOneAlarm() {
    List<Runnable> alarms = new ArrayList<>();
    TokenBucketRateLimiter raced =
        builder(Limit.tokenBucket(1, Duration.ofSeconds(1)).withBurst(1))
            .timer(
                (task, delay) -> {
                  alarms.add(task);
                  return timer.schedule(task, delay);
                })
            .build();
    raced.tryAcquire();
    CompletableFuture<Void> first = raced.reserve(1, LONG);
    CompletableFuture<Void> second = raced.reserve(1, LONG);

    clock.advance(Duration.ofSeconds(1));
    assertThat(raced.waiting()).as("another thread lets the first one start").isEqualTo(1);
    alarms.get(0).run();
    assertThat(first).isCompletedWithValue(null);
    assertThat(second).isNotDone();
    assertThat(timer.scheduled()).isEqualTo(1);
  }
}
