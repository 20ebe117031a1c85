package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Who waits for tokens, in what order, and for how long at most. */
class TokenBucketWaitingTest extends TokenBucketKit {
  @Test
  void executeWaitsForItsTurn() {
    limiter.acquire(5);
    CompletableFuture<String> answer = executeOnAThread(limiter, 2, LONG);

    timer.advance(199);
    assertThat(answer).isNotDone();
    timer.advance(1);
    await().until(answer::isDone);
    assertThat(answer).isCompletedWithValue("ran");
    assertThat(recorder.events)
        .containsSubsequence("waits for BUCKET 200 behind 0", "acquired 2 after 200");
  }

  @Test
  void executeAsyncStartsInArrivalOrderAtThePaceOfTheLimit() {
    limiter.acquire(5);
    queue("a", 1);
    queue("b", 3);
    queue("c", 1);
    assertThat(limiter.waiting()).isEqualTo(3);

    timer.advance(100);
    assertThat(started).containsExactly("a");
    timer.advance(299);
    assertThat(started).containsExactly("a");
    timer.advance(1);
    assertThat(started).containsExactly("a", "b");
    timer.advance(100);
    assertThat(started).containsExactly("a", "b", "c");
    assertThat(limiter.waiting()).isZero();
    assertThat(timer.scheduled()).isZero();
  }

  @Test
  void turnsThatComeAtOnceAreNoLevelsOfCalls() {
    TokenBucketRateLimiter fast =
        builder(Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(10_000)).build();
    fast.acquire(10_000);
    List<Integer> depths = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      var unused =
          fast.executeAsync(
              () -> {
                depths.add(Thread.currentThread().getStackTrace().length);
                return CompletableFuture.completedFuture("ran");
              });
    }
    fast.updateRateLimit(Limit.tokenBucket(100_000, Duration.ofSeconds(1)).withBurst(10_000));

    timer.advance(1_000);
    assertThat(depths).hasSize(50);
    assertThat(Set.copyOf(depths)).hasSize(1);
  }

  @Test
  void callsThatTakeTimeWhenTheyStartAreNoLevelsOfCalls() {
    limiter.acquire(5);
    List<Integer> depths = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      var unused =
          limiter
              .reserve(1, LONG)
              .thenRun(
                  () -> {
                    depths.add(Thread.currentThread().getStackTrace().length);
                    clock.advance(Duration.ofMillis(100));
                  });
    }

    timer.advance(2_000);
    assertThat(depths).hasSize(20);
    assertThat(Set.copyOf(depths)).hasSize(1);
  }

  @Test
  void nobodyOvertakesWhoWaits() {
    limiter.acquire(3);
    queue("wants five", 5);

    assertThat(limiter.tryAcquire()).isFalse();
    assertThat(limiter.acquire(1)).hasMillis(400);
    assertThat(limiter.availableTokens()).isZero();
  }

  @Test
  void thePaceIsExactThoughMillisecondsAreNot() {
    TokenBucketRateLimiter fast =
        builder(Limit.tokenBucket(300, Duration.ofSeconds(1)).withBurst(1)).build();
    fast.acquire(1);
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      answers.add(fast.executeAsync(() -> CompletableFuture.completedFuture("ran")));
    }

    timer.advance(999);
    assertThat(answers).filteredOn(CompletableFuture::isDone).hasSize(299);
    timer.advance(1);
    assertThat(answers).allMatch(CompletableFuture::isDone);
  }

  @Test
  void aDeadlineThatCannotBeMetFailsAtOnceAndConsumesNothing() {
    limiter.acquire(5);

    assertThatExceptionOfType(RateLimitWaitException.class)
        .isThrownBy(() -> limiter.execute(() -> "no", 2, Duration.ofMillis(199)))
        .withMessage("'api': 2 tokens are to be had after 200 ms, the call may wait 199 ms")
        .satisfies(e -> assertThat(e.waitNeeded()).hasValue(Duration.ofMillis(200)))
        .satisfies(e -> assertThat(e.deadline()).hasMillis(199));
    assertThat(limiter.acquire(1)).hasMillis(100);
    assertThat(recorder.events).contains("rejected 2: RateLimitWaitException");
    assertThatThrownBy(limiter.reserve(1, Duration.ZERO)::join)
        .hasCauseInstanceOf(RateLimitWaitException.class);
  }

  @Test
  void aDeadlineThatIsJustMetIsWaitedFor() {
    limiter.acquire(5);
    CompletableFuture<Void> turn = limiter.reserve(2, Duration.ofMillis(200));

    timer.advance(200);
    assertThat(turn).isCompleted();
  }

  @Test
  void callsWithoutADeadlineHaveThatOfTheSettings() {
    TokenBucketRateLimiter impatient = builder(TEN).maxWait(Duration.ofMillis(99)).build();
    impatient.acquire(5);

    assertThatExceptionOfType(RateLimitWaitException.class)
        .isThrownBy(() -> impatient.execute(() -> "no"));
    assertThatThrownBy(
            () -> impatient.executeAsync(() -> CompletableFuture.completedFuture(1)).join())
        .hasCauseInstanceOf(RateLimitWaitException.class);
  }

  @Test
  void asManyAsTheSettingsSayMayWaitAndOneMoreIsRejected() {
    TokenBucketRateLimiter narrow = builder(TEN).maxWaiting(1).build();
    narrow.acquire(5);
    CompletableFuture<Void> first = narrow.reserve(1, LONG);

    assertThatExceptionOfType(OutboundRejectedException.class)
        .isThrownBy(() -> narrow.execute(() -> "no"))
        .withMessage("'api': 1 calls wait already, and no more may")
        .satisfies(e -> assertThat(e.waiting()).isEqualTo(1));
    timer.advance(100);
    assertThat(first).isCompleted();
    assertThat(narrow.reserve(1, LONG)).isNotDone();
  }

  @Test
  void moreThanCanBeCountedIsRejected() {
    long most = 1L << 61;
    TokenBucketRateLimiter huge = builder(new Limit(TEN.algorithm(), 1L << 40, 1, most)).build();
    huge.acquire(most);
    List<CompletableFuture<Void>> turns = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      turns.add(huge.reserve(most, LONG));
    }

    assertThat(huge.waiting()).isEqualTo(2);
    assertThatThrownBy(turns.get(2)::join).hasCauseInstanceOf(OutboundRejectedException.class);
  }

  @Test
  void nobodyWaitsForEver() {
    TokenBucketRateLimiter slow =
        builder(new Limit(TEN.algorithm(), 1, 1_000_000_000_000L, 1_000)).build();
    slow.acquire(1_000);

    assertThatThrownBy(slow.reserve(1_000, Duration.ofSeconds(Long.MAX_VALUE))::join)
        .hasCauseInstanceOf(RateLimitWaitException.class)
        .hasMessageContaining("the call may wait 365000 d");
  }

  @Test
  void whereNobodyMayWaitWhatNeedNotWaitRuns() throws Exception {
    TokenBucketRateLimiter none = builder(TEN).maxWaiting(0).build();

    for (int i = 0; i < 5; i++) {
      assertThat(none.execute(() -> 1)).isEqualTo(1);
    }
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> none.execute(() -> 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(TEN).maxWaiting(-1))
        .withMessage("maxWaiting is -1; it must be 0 or more");
  }

  @Test
  void whatCouldNeverStartHasNoWaitThatEnds() {
    limiter.acquire(5);

    assertThat(limiter.queue().waitFor(5)).hasMillis(500);
    assertThat(limiter.queue().waitFor(6)).isEqualTo(Times.FOREVER);
  }

  @Test
  void aClockSetBackKeepsNobodyWaitingForMoreThanItsWaitAgain() {
    limiter.acquire(5);
    queue("a", 2);

    timer.advance(150);
    clock.advance(Duration.ofHours(-1));
    timer.advance(50);
    timer.advance(200);
    assertThat(started).containsExactly("a");
  }

  @Test
  void aClockThatJumpsAheadLetsThoseWhoWaitedGoBeforeNewcomers() {
    limiter.acquire(5);
    queue("a", 5);
    queue("b", 5);

    clock.advance(Duration.ofMillis(600));
    assertThat(limiter.tryAcquire()).isFalse();
    assertThat(started).containsExactly("a");
  }
}
