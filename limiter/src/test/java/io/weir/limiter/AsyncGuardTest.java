package io.weir.limiter;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.GuardTest.DegradedBackend;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class AsyncGuardTest {
  private final FakeClock clock = new FakeClock(1_767_225_600_000L);
  private final RuleBasedRateLimiter limiter =
      new RuleBasedRateLimiter(
          () -> GuardTest.RULES, InMemoryBackend.builder().clock(clock).build(), clock);
  private final Request user = Request.of("api", "user_id", "42");
  private final Request queued = Request.of("api", "queue", "reports");
  private final AtomicInteger calls = new AtomicInteger();
  private final List<Duration> waits = new ArrayList<>();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final List<Future<?>> timers = new ArrayList<>();
  private final AsyncGuard guard =
      AsyncGuard.of(limiter)
          .delays(
              (delay, work) -> {
                waits.add(delay);
                waiting.add(work);
                timers.add(new CompletableFuture<>());
                return timers.get(timers.size() - 1);
              });

  private CompletionStage<Integer> call() {
    return completedFuture(calls.incrementAndGet());
  }

  @Test
  void aLimiterInMemoryAnswersAtOnce() {
    try (AsyncRateLimiter inMemory = AsyncRateLimiter.inMemory(GuardTest.RULES)) {
      assertThat(inMemory.checkAsync(user).toCompletableFuture())
          .isCompletedWithValueMatching(decision -> decision.isAllowed());
    }
  }

  @Test
  void callsAreMadeUntilTheLimitIsReached() {
    assertThat(limiter.guardAsync(user, this::call)).isCompletedWithValue(1);
    assertThat(limiter.guardAsync(user, this::call)).isCompletedWithValue(2);

    assertThat(limiter.guardAsync(user, this::call))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(RateLimitExceededException.class)
        .withMessageContaining("user_id=42 is over its limit per-user");
    assertThat(calls).hasValue(2);
  }

  @Test
  void whatFailsInTheCallFailsTheResult() {
    assertThat(guard.call(user, () -> CompletableFuture.failedFuture(new IOException("broken"))))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(IOException.class);
    assertThat(
            guard.call(
                user,
                () -> {
                  throw new IllegalStateException("not even begun");
                }))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("not even begun");
    assertThat(limiter.check(user).isAllowed()).as("both calls were made").isFalse();
  }

  @Test
  void aCallThatReturnsNoStageFailsTheResultAndWasMade() {
    assertThat(guard.call(user.withCost(2), AsyncGuardTest::noStage))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(NullPointerException.class)
        .withMessageContaining("the call returned null; it must return a stage");
    assertThat(limiter.check(user).isAllowed()).isFalse();

    CompletableFuture<Integer> first = guard.call(queued, this::call);
    CompletableFuture<Integer> inTurn = guard.call(queued, AsyncGuardTest::noStage);
    waiting.remove().run();
    assertThat(first).isCompletedWithValue(1);
    assertThat(inTurn)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("it must return a stage");
  }

  @SuppressWarnings("NullAway") // what a careless caller does
  private static CompletionStage<Integer> noStage() {
    return null;
  }

  @Test
  void anExecutorThatHasNoThreadFailsTheResultAndTheTokensAreGivenBack() {
    AsyncGuard broken =
        guard.delays(
            (delay, work) -> {
              throw new OutOfMemoryError("no thread");
            });
    assertThat(guard.call(queued, this::call)).isCompletedWithValue(1);

    assertThat(broken.call(queued, this::call))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("no thread");
    CompletableFuture<Integer> next = guard.call(queued, this::call);
    assertThat(next).isNotDone();
    assertThat(waits).as("the turn was free again").hasSize(1);
    waiting.remove().run();
    assertThat(next).isCompletedWithValue(2);
  }

  @Test
  void aLimiterThatFailsFailsTheResult() {
    AsyncRateLimiter failing =
        new RuleBasedRateLimiter(
            () -> GuardTest.RULES,
            new ForwardingBackend(new DegradedBackend(clock)) {
              @Override
              public CompletionStage<Decision> judgeAsync(Match match, long cost) {
                return CompletableFuture.failedFuture(new BackendUnavailableException("gone"));
              }
            },
            clock);

    assertThat(failing.guardAsync(user, this::call))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(BackendUnavailableException.class);
    assertThat(calls).hasValue(0);
  }

  @Test
  void whoIsGivenATurnIsCalledInIt() {
    CompletableFuture<Integer> first = guard.call(queued, this::call);
    CompletableFuture<Integer> second = guard.call(queued, this::call);

    assertThat(first).isCompletedWithValue(1);
    assertThat(second).isNotDone();
    waiting.remove().run();
    assertThat(second).isCompletedWithValue(2);
    assertThat(waits).containsExactly(Duration.ofMillis(100));
  }

  @Test
  void whoCancelsAtTheMomentOfTheTurnEitherHasItOrGivesItBackOnce() {
    for (int i = 0; i < 2_000; i++) {
      Request own = Request.of("api", "queue", "queue-" + i);
      assertThat(guard.acquire(own)).isCompleted();
      CompletableFuture<Decision> second = guard.acquire(own);
      Runnable turn = waiting.remove();
      AtomicBoolean ready = new AtomicBoolean();
      CompletableFuture<Boolean> cancelling =
          CompletableFuture.supplyAsync(
              () -> {
                ready.set(true);
                return second.cancel(false);
              });
      while (!ready.get()) {
        Thread.onSpinWait();
      }

      turn.run();

      long taken = cancelling.join() ? 1 : 2;
      assertThat(limiter.check(own.peek()).delayMillis()).as("turn %d", i).isEqualTo(100 * taken);
    }
  }

  @Test
  void tokensCanBeTakenForACallThatIsMadeByOtherMeans() {
    assertThat(guard.acquire(queued).join().delayMillis()).isZero();
    CompletableFuture<Decision> second = guard.acquire(queued);

    assertThat(second).isNotDone();
    waiting.remove().run();
    assertThat(second.join().delayMillis()).isEqualTo(100);
  }

  @Test
  void byDefaultTheCommonPoolWaits() throws Exception {
    assertThat(limiter.guardAsync(queued, this::call)).isCompletedWithValue(1);
    assertThat(limiter.guardAsync(queued, this::call).get(30, TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  void whoCancelsWhileWaitingHasTheTokensBackAndIsNotCalled() {
    assertThat(guard.call(queued, this::call)).isCompleted();
    CompletableFuture<Integer> cancelled = guard.call(queued, this::call);

    cancelled.cancel(false);
    assertThat(timers).singleElement().satisfies(timer -> assertThat(timer.isCancelled()).isTrue());
    var unused = guard.call(queued, this::call);
    waiting.remove().run();

    assertThat(calls).hasValue(1);
    assertThat(waits).as("the turn that was given back").containsOnly(Duration.ofMillis(100));
  }

  @Test
  void whatWaitsNoMoreIsForgottenLongBeforeItsTurn() {
    RuleSet hourly =
        RuleSet.of(
            DomainRules.of(
                "api",
                Descriptor.key("queue")
                    .limit(RuleLimit.perHour(1).algorithm(new LeakyBucket()).burst(4))));
    try (AsyncRateLimiter slow = AsyncRateLimiter.inMemory(hourly)) {
      assertThat(AsyncGuard.of(slow).acquire(queued)).isCompleted();

      Reference<?> forgotten = cancelled(AsyncGuard.of(slow));

      Awaitility.await()
          .untilAsserted(
              () -> {
                System.gc();
                assertThat(forgotten.get()).isNull();
              });
    }
  }

  /** What only a call holds that waited until now. */
  private Reference<?> cancelled(AsyncGuard usual) {
    Object held = new Object();
    assertThat(usual.call(queued, () -> completedFuture(held)).cancel(false)).isTrue();
    return new WeakReference<>(held);
  }

  @Test
  void aDelayThatFailsAfterTheCallGivesNothingBack() {
    AsyncGuard failing =
        guard.delays(
            (delay, work) -> {
              work.run();
              throw new IllegalStateException("too late");
            });
    assertThat(failing.call(queued, this::call)).isCompletedWithValue(1);

    assertThat(failing.call(queued, this::call)).isCompletedWithValue(2);

    assertThat(limiter.check(queued.peek()).delayMillis()).isEqualTo(200);
  }

  @Test
  void whoCancelsBeforeTheAnswerHasTheTokensBack() {
    Queue<Runnable> answers = new ArrayDeque<>();
    AsyncRateLimiter slow = slow(answers);
    CompletableFuture<Integer> cancelled = slow.guardAsync(user.withCost(2), this::call);

    cancelled.cancel(false);
    answers.remove().run();

    assertThat(calls).hasValue(0);
    CompletableFuture<Integer> next = slow.guardAsync(user.withCost(2), this::call);
    answers.remove().run();
    assertThat(next).isCompletedWithValue(1);
  }

  @Test
  void aTurnThatIsTooLateIsDeniedAtOnceAndGivenBack() {
    AsyncGuard impatient = guard.maxWait(Duration.ofMillis(99));
    assertThat(impatient.call(queued, this::call)).isCompleted();

    assertThat(impatient.call(queued, this::call))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("retry in 1 ms");

    clock.advance(Duration.ofMillis(1));
    assertThat(impatient.call(queued, this::call)).isNotDone();
    assertThat(waits).containsExactly(Duration.ofMillis(99));
  }

  @Test
  void whoIsToldThatTheTurnIsTooLateHasGivenItBackAlready() {
    Queue<Runnable> answers = new ArrayDeque<>();
    RuleBasedRateLimiter slow = slow(answers);
    assertThat(slow.check(queued).isAllowed()).isTrue();

    CompletableFuture<Long> nextDelayMillis =
        AsyncGuard.of(slow)
            .maxWait(Duration.ZERO)
            .decide(queued)
            .thenApply(denied -> slow.check(queued.peek()).delayMillis());
    answers.remove().run();

    assertThat(nextDelayMillis).isCompletedWithValue(100L);
  }

  /** A limiter that answers who does not want to wait once its answers are run. */
  private RuleBasedRateLimiter slow(Queue<Runnable> answers) {
    return new RuleBasedRateLimiter(
        () -> GuardTest.RULES,
        new ForwardingBackend(InMemoryBackend.builder().clock(clock).build()) {
          @Override
          public CompletionStage<Decision> judgeAsync(Match match, long cost) {
            return CompletableFuture.supplyAsync(() -> judge(match, cost), answers::add);
          }
        },
        clock);
  }

  @Test
  void whereNobodyTakesTheDelayedCallTheTokensAreGivenBack() {
    AsyncGuard closing =
        guard.delays(
            (delay, work) -> {
              throw new RejectedExecutionException("closing");
            });
    assertThat(closing.call(queued, this::call)).isCompleted();

    assertThat(closing.call(queued, this::call))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(RejectedExecutionException.class);

    var unused = guard.call(queued, this::call);
    assertThat(waits).containsExactly(Duration.ofMillis(100));
  }

  @Test
  void aDenialCanBeADecisionInsteadOfAnException() {
    assertThat(guard.decide(user.withCost(2)).join().isAllowed()).isTrue();
    assertThat(guard.decide(user).join().reason()).isEqualTo(Reason.OVER_LIMIT);
    assertThat(guard.decide(queued).join().delayMillis()).isZero();
    assertThat(guard.decide(queued)).isNotDone();

    Decision tooLate = guard.maxWait(Duration.ofMillis(99)).decide(queued).join();

    assertThat(tooLate.isAllowed()).isFalse();
    assertThat(tooLate.retryAfterMillis()).hasValue(101);
    assertThat(limiter.check(queued.peek()).delayMillis()).isEqualTo(200);
  }

  @Test
  void whoMakesNoCallAfterAllGivesBackWhatWasTaken() {
    Decision taken = guard.acquire(user.withCost(2)).join();

    guard.giveBack(user.withCost(2), taken);

    assertThat(guard.acquire(user.withCost(2))).isCompleted();
  }

  @Test
  void aRefundThatFailsNowOrLaterIsTold() {
    List<Throwable> failures = new ArrayList<>();
    CompletableFuture<Decision> refund = new CompletableFuture<>();
    RuleBasedRateLimiter away =
        new RuleBasedRateLimiter(
            () -> GuardTest.RULES,
            new ForwardingBackend(InMemoryBackend.builder().clock(clock).build()) {
              @Override
              public CompletionStage<Decision> refundAsync(
                  Match match, long cost, long chargedAtMillis) {
                return refund;
              }
            },
            clock);
    AsyncGuard telling = AsyncGuard.of(away).onRefundFailure(failures::add);
    Decision taken = telling.acquire(queued).join();

    telling.giveBack(queued, taken);
    assertThat(failures).isEmpty();
    refund.completeExceptionally(new BackendUnavailableException("gone"));
    away.close();
    telling.giveBack(queued, taken);

    assertThat(failures)
        .hasSize(2)
        .last()
        .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
        .hasMessage("the limiter is closed");
  }

  @Test
  void peeksAndDegradedDecisionsGiveNothingBack() {
    AsyncGuard alone =
        AsyncGuard.of(
                new RuleBasedRateLimiter(() -> GuardTest.RULES, new DegradedBackend(clock), clock))
            .maxWait(Duration.ZERO);
    assertThat(alone.call(queued, this::call)).isCompleted();

    assertThat(alone.call(queued, this::call)).isCompletedExceptionally();
    assertThat(alone.call(queued.peek(), this::call)).isCompletedExceptionally();
  }

  @Test
  void aNegativeWaitIsRefused() {
    assertThatThrownBy(() -> guard.maxWait(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
