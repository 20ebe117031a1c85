package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Tasks that do not get in: too many wait, a deadline cannot be met, a wait is cancelled. */
class ExecutorRefusalTest extends ExecutorKit {
  @Test
  void asManyAsTheSettingsSayMayWaitForEither() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(3).maxWaiting(2).build();
    for (int i = 0; i < 4; i++) {
      var unused = executor.submit(task("t" + i));
    }
    // One for tokens, one for a place.
    assertThat(running).hasSize(2);
    assertThat(executor.waiting()).isEqualTo(2);
    assertThat(recorder.events)
        .endsWith("waits for BUCKET 100 behind 0", "waits for CONCURRENCY behind 1");

    assertThatExceptionOfType(OutboundRejectedException.class)
        .isThrownBy(() -> executor.submit(task("too many")))
        .withMessageContaining("'jobs': 2 calls wait already");
  }

  @Test
  void whoNeedNotWaitIsNotCountedAmongThoseWhoDo() {
    List<RateLimitedExecutor> self = new ArrayList<>();
    List<CompletableFuture<String>> inner = new ArrayList<>();
    RateLimitedExecutor executor =
        direct()
            .rate(TEN)
            .maxWaiting(1)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String limiter, long tokens, Duration waited) {
                    // On its way in, with its tokens.
                    if (tokens == 2) {
                      inner.add(self.get(0).submit(task("inner")));
                    }
                  }
                })
            .build();
    self.add(executor);

    assertThat(executor.submit(task("outer"), 2, LONG)).isCompleted();
    assertThat(inner).hasSize(1);
    assertThat(executor.waiting()).isEqualTo(1);
    timer.advance(100);
    assertThat(inner.get(0)).isCompletedWithValue("inner");
  }

  @Test
  void aRejectedTaskConsumesNothing() {
    RateLimitedExecutor executor = direct().rate(TEN).maxWaiting(0).build();
    var unused = executor.submit(task("a"), 2, LONG);

    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> executor.execute(() -> started.add("no")));
    assertThat(recorder.events).contains("rejected 1: OutboundRejectedException");
    timer.advance(100);
    executor.execute(() -> started.add("yes"));
    assertThat(started).containsExactly("a", "yes");
  }

  @Test
  void aDeadlineThatTheRateCannotMeetFailsAtOnceThoughThereIsNoPlaceYet() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var unused = executor.submit(task("a"), 2, LONG);

    var late = executor.submit(task("late"), 2, Duration.ofMillis(199));
    assertThatThrownBy(late::join).hasCauseInstanceOf(RateLimitWaitException.class);
    assertThat(executor.waiting()).isZero();
    assertThat(recorder.events).endsWith("rejected 2: RateLimitWaitException");
  }

  @Test
  void aDeadlineThatTheRateJustMeetsIsWaitedForThoughThereIsNoPlaceYet() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var unused = executor.submit(task("a"), 2, LONG);
    var just = executor.submit(task("just"), 2, Duration.ofMillis(200));

    running.remove().run();
    timer.advance(200);
    running.remove().run();
    assertThat(just).isCompletedWithValue("just");
  }

  @Test
  void aDeadlineEndsTheWaitForAPlace() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var a = executor.submit(task("a"));
    var late = executor.submit(task("late"), 1, Duration.ofMillis(50));

    timer.advance(49);
    assertThat(late).isNotDone();
    timer.advance(1);
    assertThatThrownBy(late::join)
        .hasCauseInstanceOf(RateLimitWaitException.class)
        .hasMessageContaining("none ended in 50 ms");
    running.remove().run();
    assertThat(a).isCompleted();
    assertThat(running).isEmpty();
    assertThat(recorder.events).contains("rejected 1: RateLimitWaitException");
  }

  @Test
  void whoMayNotWaitForAPlaceIsRefusedAtOnceAndHasNone() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var a = executor.submit(task("a"));
    var hurried = executor.submit(task("hurried"), 1, Duration.ZERO);

    assertThatThrownBy(hurried::join).hasCauseInstanceOf(RateLimitWaitException.class);
    assertThat(recorder.events)
        .containsExactly("acquired 1 after 0", "rejected 1: RateLimitWaitException");
    var b = executor.submit(task("b"));
    assertThat(running).hasSize(1);
    running.remove().run();
    assertThat(a).isCompleted();
    // Its token was not taken.
    running.remove().run();
    assertThat(b).isCompleted();
  }

  @Test
  void aTimerThatIsAtOnceLeavesAPlaceThatFailedToNobody() {
    RateLimitedExecutor executor =
        stepped()
            .timer(
                (task, delay) -> {
                  task.run();
                  return () -> {};
                })
            .concurrency(1)
            .build();
    var unused = executor.submit(task("a"));
    var late = executor.submit(task("late"), 1, Duration.ofMillis(1));

    assertThat(late).isCompletedExceptionally();
    assertThat(running).hasSize(1);
  }

  @Test
  void whatIsLeftOfTheDeadlineAfterTheWaitForAPlaceCounts() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    timer.advance(1_000);
    var unused = executor.submit(task("a"), 2, LONG);
    // It has a place after 40 ms, and its tokens 340 ms later.
    var late = executor.submit(task("late"), 2, Duration.ofMillis(379));
    timer.advance(20);
    executor.updateRateLimit(Limit.tokenBucket(5, Duration.ofSeconds(1)).withBurst(2));
    timer.advance(20);

    running.remove().run();
    assertThat(late).isCompletedExceptionally();
    var next = executor.submit(task("next"));
    timer.advance(139);
    assertThat(running).isEmpty();
    timer.advance(1);
    assertThat(running).hasSize(1);
    running.remove().run();
    assertThat(next).isCompleted();
  }

  @Test
  void whatIsLeftOfTheDeadlineAfterTheWaitForAPlaceMayBeJustEnough() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    timer.advance(1_000);
    var unused = executor.submit(task("a"), 2, LONG);
    var just = executor.submit(task("just"), 2, Duration.ofMillis(380));
    timer.advance(20);
    executor.updateRateLimit(Limit.tokenBucket(5, Duration.ofSeconds(1)).withBurst(2));
    timer.advance(20);

    running.remove().run();
    timer.advance(340);
    running.remove().run();
    assertThat(just).isCompletedWithValue("just");
  }

  @Test
  void aBurstThatIsLoweredBelowWhatATaskWantsFailsItWhenItHasAPlace() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var a = executor.submit(task("a"));
    var b = executor.submit(task("b"), 2, LONG);
    var c = executor.submit(task("c"));
    executor.updateRateLimit(TEN.withBurst(1));

    running.remove().run();
    assertThat(a).isCompleted();
    assertThatThrownBy(b::join).hasCauseInstanceOf(IllegalArgumentException.class);
    timer.advance(100);
    running.remove().run();
    assertThat(c).isCompleted();
  }

  @Test
  void cancellingWhatWaitsGivesPlaceAndTokensBack() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(1).build();
    var unused = executor.submit(task("a"), 2, LONG);
    var b = executor.submit(task("b"), 2, LONG);
    var c = executor.submit(task("c"));

    b.cancel(false);
    running.remove().run();
    timer.advance(100);
    running.remove().run();
    assertThat(c).isCompleted();
    assertThat(started).containsExactly("a", "c");
    assertThat(executor.unfinished()).isZero();
    assertThat(recorder.events).noneMatch(it -> it.startsWith("rejected"));
  }

  @Test
  void cancellingWhatWaitsForTokensFreesItsPlace() {
    RateLimitedExecutor executor = stepped().rate(TEN).concurrency(2).build();
    var unused = executor.submit(task("a"), 2, LONG);
    var b = executor.submit(task("b"), 2, LONG);
    var c = executor.submit(task("c"));

    b.cancel(false);
    timer.advance(100);
    assertThat(running).hasSize(2);
    running.forEach(Runnable::run);
    assertThat(c).isCompleted();
  }

  @Test
  void aWaitForAPlaceThatEndsLeavesNoAlarmBehind() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var unused = executor.submit(task("a"));
    var b = executor.submit(task("b"), 1, LONG);
    var c = executor.submit(task("c"), 1, LONG);
    assertThat(timer.scheduled()).isEqualTo(2);

    b.cancel(false);
    assertThat(timer.scheduled()).isEqualTo(1);
    running.remove().run();
    assertThat(timer.scheduled()).isZero();
    running.remove().run();
    assertThat(c).isCompletedWithValue("c");
  }

  @Test
  void aWaitWithoutADeadlineHasNoAlarm() {
    RateLimitedExecutor executor = stepped().concurrency(1).build();
    var a = executor.submit(task("a"));
    var b = executor.submit(task("b"));

    assertThat(List.of(a, b)).noneMatch(CompletableFuture::isDone);
    assertThat(timer.scheduled()).isZero();
    running.remove().run();
    running.remove().run();
    assertThat(b).isCompletedWithValue("b");
  }

  @Test
  void aRateBesideALimiterIsRefused() {
    try (TokenBucketRateLimiter shared =
        TokenBucketRateLimiter.builder(TEN).name("shared").build()) {
      RateLimitedExecutor.Builder both = direct().limiter(shared).rate(TEN);

      assertThatThrownBy(both::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "both a rate ("
                  + TEN
                  + ") and a limiter (shared) are set; set one, as the limiter has a rate of its"
                  + " own");
      assertThatThrownBy(direct().rate(TEN).limiter(shared)::build).hasMessageContaining("set one");
    }
  }
}
