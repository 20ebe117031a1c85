package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.tck.FakeClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenBucketRateLimiterTest {
  private static final Duration LONG = Duration.ofDays(1);

  /** A token every 100 ms, 5 at once. */
  private static final Limit TEN = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(5);

  private final FakeClock clock = new FakeClock(1_700_000_000_000L);
  private final FakeTimer timer = new FakeTimer(clock);
  private final Recorder recorder = new Recorder();
  private final TokenBucketRateLimiter limiter = builder(TEN).build();
  private final List<String> started = new ArrayList<>();

  private TokenBucketRateLimiter.Builder builder(Limit limit) {
    return TokenBucketRateLimiter.builder(limit)
        .name("api")
        .clock(clock)
        .timer(timer)
        .executor(Runnable::run)
        .listener(recorder);
  }

  @AfterEach
  void close() {
    limiter.close();
  }

  @Test
  void startsFull() {
    assertThat(limiter.availableTokens()).isEqualTo(5);
    assertThat(limiter.waiting()).isZero();
    assertThat(limiter.limit()).isEqualTo(TEN);
    assertThat(limiter.name()).isEqualTo("api");
  }

  @Test
  void acquireTakesTokensAndReturnsZero() {
    assertThat(limiter.acquire(2)).isZero();
    assertThat(limiter.acquire(3)).isZero();

    assertThat(limiter.availableTokens()).isZero();
    assertThat(recorder.events).containsExactly("acquired 2 after 0", "acquired 3 after 0");
  }

  @Test
  void acquireTakesNothingAndReturnsTheWaitWhenThereAreTooFew() {
    limiter.acquire(4);

    assertThat(limiter.acquire(3)).hasMillis(200);
    assertThat(limiter.availableTokens()).isEqualTo(1);
    assertThat(recorder.events).last().isEqualTo("waits for BUCKET 200 behind 0");
  }

  @Test
  void waitingExactlyAsLongAsToldIsEnoughAndAMillisecondLessIsNot() {
    TokenBucketRateLimiter thirds =
        builder(Limit.tokenBucket(3, Duration.ofSeconds(1)).withBurst(1)).build();
    thirds.acquire(1);

    assertThat(thirds.acquire(1)).hasMillis(334);
    timer.advance(333);
    assertThat(thirds.tryAcquire()).isFalse();
    timer.advance(1);
    assertThat(thirds.tryAcquire()).isTrue();
  }

  @Test
  void refillsWithTimeUpToTheBurst() {
    limiter.acquire(5);

    timer.advance(99);
    assertThat(limiter.availableTokens()).isZero();
    timer.advance(1);
    assertThat(limiter.availableTokens()).isEqualTo(1);
    timer.advance(350);
    assertThat(limiter.availableTokens()).isEqualTo(4);
    timer.advance(60_000);
    assertThat(limiter.availableTokens()).isEqualTo(5);
  }

  @Test
  void tryAcquireTakesOneOrManyOrNothing() {
    assertThat(limiter.tryAcquire()).isTrue();
    assertThat(limiter.tryAcquire(5)).isFalse();
    assertThat(limiter.tryAcquire(4)).isTrue();
    assertThat(limiter.tryAcquire()).isFalse();
  }

  @Test
  void tokensThatCouldNeverBeHadAreAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.acquire(6))
        .withMessage("tokens is 6; it must be at most 5, the burst of 'api'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.acquire(0))
        .withMessage("tokens is 0; it must be 1 or more");
    assertThatIllegalArgumentException().isThrownBy(() -> limiter.execute(() -> 1, 6, LONG));
    assertThatIllegalArgumentException().isThrownBy(() -> executeAsync("a", 6));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.execute(() -> 1, 1, Duration.ofMillis(-1)))
        .withMessage("deadline is PT-0.001S; it must be 0 or more");
  }

  @Test
  void onlyTokenBucketsThatAdmitSomethingCanBeWaitedFor() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(Limit.fixedWindow(1, LONG)).build())
        .withMessageContaining("it must be one of Limit.tokenBucket");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.updateRateLimit(new Limit(TEN.algorithm(), 0, 1_000, 5)))
        .withMessageContaining("it must admit something");
  }

  @Test
  void executeRunsAtOnceWhereThereAreTokens() throws Exception {
    assertThat(limiter.execute(() -> "answer")).isEqualTo("answer");

    assertThat(limiter.availableTokens()).isEqualTo(4);
    assertThat(timer.scheduled()).isZero();
  }

  @Test
  void executeThrowsWhatTheCallThrowsAndItsTokensAreSpent() {
    assertThatThrownBy(
            () ->
                limiter.execute(
                    () -> {
                      throw new IOException("no route");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(limiter.availableTokens()).isEqualTo(4);
  }

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
  void executeAsyncStartsAtOnceWhereThereAreTokens() {
    assertThat(executeAsync("a", 1)).isCompletedWithValue("a");
    assertThat(started).containsExactly("a");
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
  void anAsyncCallCompletesWithWhatItsStageDoes() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    CompletableFuture<String> failing = limiter.executeAsync(() -> stage);
    CompletableFuture<String> throwing =
        limiter.executeAsync(
            () -> {
              throw new IllegalStateException("no");
            });

    assertThat(failing).isNotDone();
    stage.completeExceptionally(new IOException("no route"));
    assertThat(failing).failsWithin(Duration.ZERO).withThrowableOfType(Exception.class);
    assertThatThrownBy(failing::join).hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(throwing::join).hasCauseInstanceOf(IllegalStateException.class);
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
  void cancellingGivesTheReservationBackAndOthersMoveUp() {
    limiter.acquire(5);
    CompletableFuture<String> a = executeAsync("a", 3);
    CompletableFuture<String> b = executeAsync("b", 2);
    queue("c", 1);

    a.cancel(false);
    timer.advance(200);
    assertThat(started).containsExactly("b");
    timer.advance(100);
    assertThat(started).containsExactly("b", "c");
    assertThat(b).isCompleted();
    assertThat(limiter.acquire(1)).hasMillis(100);
  }

  @Test
  void aTurnThatSomebodyElseCompletesIsGivenBack() {
    limiter.acquire(5);
    CompletableFuture<Void> turn = limiter.reserve(5, LONG);
    CompletableFuture<String> call = executeAsync("no", 5);

    turn.complete(null);
    call.completeExceptionally(new TimeoutException());
    assertThat(limiter.waiting()).isZero();
    assertThat(limiter.acquire(1)).hasMillis(100);
  }

  @Test
  void cancellingTheLastGivesItsTokensToWhoeverComes() {
    limiter.acquire(5);
    CompletableFuture<Void> turn = limiter.reserve(5, LONG);

    turn.cancel(true);
    timer.advance(100);
    assertThat(limiter.tryAcquire()).isTrue();
    assertThat(limiter.waiting()).isZero();
    assertThat(timer.scheduled()).isZero();
  }

  @Test
  void cancellingACallThatRunsCancelsWhatItWaitsForAndSpendsItsTokens() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    CompletableFuture<String> call = limiter.executeAsync(() -> stage);

    call.cancel(true);
    assertThat(stage).isCancelled();
    assertThat(limiter.availableTokens()).isEqualTo(4);
  }

  @Test
  void aStageThatCannotBeCancelledIsLeftAlone() {
    CompletionStage<String> stage = new CompletableFuture<String>().minimalCompletionStage();
    CompletableFuture<String> call = limiter.executeAsync(() -> stage);

    assertThat(call.cancel(true)).isTrue();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(call::join);
  }

  @Test
  void interruptionOfWhoWaitsGivesTheReservationBack() {
    limiter.acquire(5);
    AtomicReference<Exception> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                limiter.execute(() -> started.add("never"));
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    thread.start();
    await().until(() -> limiter.waiting() == 1);

    thread.interrupt();
    await().until(() -> !thread.isAlive());
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(limiter.waiting()).isZero();
    assertThat(limiter.acquire(1)).hasMillis(100);
    assertThat(started).isEmpty();
  }

  @Test
  void interruptionWhereThereIsNothingToWaitForIsLeftToTheCall() throws Exception {
    Thread.currentThread().interrupt();
    boolean seen = limiter.execute(Thread::interrupted);

    assertThat(seen).isTrue();
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
        .hasMessageContaining("the call may wait 31536000000000 ms");
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
  void aClockSetBackNeitherGrantsNorTakesAndRefillGoesOn() {
    limiter.acquire(4);

    clock.advance(Duration.ofHours(-1));
    assertThat(limiter.availableTokens()).isEqualTo(1);
    timer.advance(100);
    assertThat(limiter.availableTokens()).isEqualTo(2);
    clock.set(-5_000);
    assertThat(limiter.availableTokens()).isEqualTo(2);
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

  @Test
  void closingFailsThoseWhoWaitAndThoseWhoCome() {
    limiter.acquire(5);
    CompletableFuture<String> waiting = executeAsync("a", 1);

    limiter.close();
    assertThatThrownBy(waiting::join)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'api' was closed");
    assertThatIllegalStateException()
        .isThrownBy(() -> limiter.acquire(1))
        .withMessage("'api' is closed");
    assertThatIllegalStateException().isThrownBy(() -> limiter.execute(() -> 1));
    assertThat(executeAsync("b", 1)).isCompletedExceptionally();
    assertThat(timer.scheduled()).isZero();
    assertThat(started).isEmpty();
    limiter.close();
  }

  @Test
  void closingWakesAThreadThatWaits() {
    limiter.acquire(5);
    CompletableFuture<String> answer = executeOnAThread(limiter, 1, LONG);

    limiter.close();
    await().until(answer::isDone);
    assertThatThrownBy(answer::join).hasCauseInstanceOf(IllegalStateException.class);
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

  @Test
  void withoutAClockAndATimerItRunsByThoseOfTheSystem() throws Exception {
    try (TokenBucketRateLimiter real =
        TokenBucketRateLimiter.of(Limit.tokenBucket(1_000, Duration.ofSeconds(1)).withBurst(1))) {
      real.acquire(1);
      assertThat(real.execute(() -> "a")).isEqualTo("a");
      assertThat(real.executeAsync(() -> CompletableFuture.completedFuture("b")).get())
          .isEqualTo("b");
    }
  }

  private CompletableFuture<String> executeAsync(String name, long tokens) {
    return limiter.executeAsync(
        () -> {
          started.add(name);
          return CompletableFuture.completedFuture(name);
        },
        tokens,
        LONG);
  }

  private void queue(String name, long tokens) {
    var unused = executeAsync(name, tokens);
  }

  /** Returns when the call waits. */
  static CompletableFuture<String> executeOnAThread(
      OutboundRateLimiter limiter, long tokens, Duration deadline) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    int before = limiter.waiting();
    new Thread(
            () -> {
              try {
                answer.complete(limiter.execute(() -> "ran", tokens, deadline));
              } catch (Exception e) {
                answer.completeExceptionally(e);
              }
            })
        .start();
    await().until(() -> answer.isDone() || limiter.waiting() > before);
    return answer;
  }
}
