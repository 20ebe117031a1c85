package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A wait that ends before its turn: cancelled, interrupted, closed. */
class TokenBucketCancellationTest extends TokenBucketKit {
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
  void whoIsCancelledJustWhenItsTurnComesIsNotToldToHaveItsTokensAndGivesThemBack() {
    limiter.acquire(5);
    CompletableFuture<Void> first = limiter.reserve(1, LONG);
    CompletableFuture<Void> second = limiter.reserve(2, LONG);
    var unused = first.thenRun(() -> second.cancel(false));

    clock.advance(Duration.ofMillis(300));
    assertThat(limiter.waiting()).isZero();
    assertThat(second).isCancelled();
    assertThat(recorder.events)
        .containsExactly(
            "acquired 5 after 0",
            "waits for BUCKET 100 behind 0",
            "waits for BUCKET 300 behind 1",
            "given back 2",
            "acquired 1 after 300");
    assertThat(limiter.acquire(2)).isZero();
    assertThat(limiter.acquire(1)).hasMillis(100);
  }

  /** What an executor was given and did not begin with. */
  private final List<Runnable> given = new ArrayList<>();

  private final TokenBucketRateLimiter slow = builder(TEN).executor(given::add).build();

  private CompletableFuture<String> queueSlow(String name, long tokens) {
    return slow.executeAsync(
        () -> {
          started.add(name);
          return CompletableFuture.completedFuture(name);
        },
        tokens,
        LONG);
  }

  @Test
  void whoIsCancelledBetweenItsTurnAndItsThreadGivesItsTokensBackAndOthersMoveUp() {
    slow.acquire(5);
    CompletableFuture<String> a = queueSlow("a", 2);
    CompletableFuture<String> b = queueSlow("b", 3);
    timer.advance(200);
    assertThat(given).hasSize(1);
    assertThat(slow.availableTokens()).isZero();

    a.cancel(false);
    assertThat(recorder.events).endsWith("acquired 2 after 200", "given back 2");
    timer.advance(100);
    given.forEach(Runnable::run);
    assertThat(started).containsExactly("b");
    assertThat(b).isCompletedWithValue("b");
    assertThat(slow.acquire(1)).hasMillis(100);
  }

  @Test
  void whatIsGivenBackToABucketThatWasFullMeanwhileIsNoMoreThanItHolds() {
    slow.acquire(5);
    CompletableFuture<String> a = queueSlow("a", 2);
    CompletableFuture<String> b = queueSlow("b", 2);
    timer.advance(400);
    assertThat(given).hasSize(2);
    // With 400 ms more it would be full, and with a's tokens it was.
    timer.advance(400);
    assertThat(slow.acquire(4)).isZero();

    a.cancel(false);
    assertThat(slow.availableTokens()).isEqualTo(1);
    b.cancel(false);
    assertThat(slow.availableTokens()).isEqualTo(1);
  }

  @Test
  void anExecutorThatTakesNothingCostsNoTokens() {
    TokenBucketRateLimiter refusing =
        builder(TEN)
            .executor(
                task -> {
                  throw new RejectedExecutionException("full");
                })
            .build();
    refusing.acquire(5);
    CompletableFuture<Integer> call =
        refusing.executeAsync(() -> CompletableFuture.completedFuture(1));

    timer.advance(100);
    assertThatThrownBy(call::join).hasCauseInstanceOf(RejectedExecutionException.class);
    assertThat(refusing.availableTokens()).isEqualTo(1);
  }

  @Test
  void aCallThatBeganHasSpentItsTokensThoughItThrows() {
    CompletableFuture<Object> none = limiter.executeAsync(() -> noStage());
    CompletableFuture<Object> thrown =
        limiter.executeAsync(
            () -> {
              throw new IllegalStateException("no route");
            });

    assertThatThrownBy(none::join)
        .hasRootCauseMessage("the call returned null; it must return a stage");
    assertThatThrownBy(thrown::join).hasRootCauseMessage("no route");
    assertThat(limiter.availableTokens()).isEqualTo(3);
  }

  @SuppressWarnings("NullAway") // what a careless caller does
  private static CompletableFuture<Object> noStage() {
    return null;
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
  void whoIsToldOfACancelledReservationFindsItGivenBack() {
    limiter.acquire(5);
    CompletableFuture<Void> cancelled = limiter.reserve(2, LONG);
    List<Integer> waiting = new ArrayList<>();
    var unused = cancelled.whenComplete((nothing, failure) -> waiting.add(limiter.waiting()));

    assertThat(cancelled.cancel(false)).isTrue();

    assertThat(cancelled).isCancelled();
    assertThat(waiting).containsExactly(0);
    assertThat(cancelled.cancel(false)).isTrue();
  }

  @Test
  void whoIsToldOfACancelledCallFindsItGivenBack() {
    limiter.acquire(5);
    CompletableFuture<String> cancelled =
        limiter.executeAsync(() -> CompletableFuture.completedFuture("never"), 2, LONG);
    List<Integer> waiting = new ArrayList<>();
    var unused = cancelled.whenComplete((value, failure) -> waiting.add(limiter.waiting()));

    assertThat(cancelled.cancel(false)).isTrue();

    assertThat(cancelled).isCancelled();
    assertThat(waiting).containsExactly(0);
  }

  @Test
  void whoeverCompletesAReservationGivesItBack() {
    limiter.acquire(5);
    CompletableFuture<Void> ended = limiter.reserve(2, LONG);

    ended.completeExceptionally(new IllegalStateException("enough"));

    assertThat(limiter.waiting()).isZero();
  }

  @Test
  void aReservationWhoseTurnCameCannotBeCancelled() {
    limiter.acquire(5);
    CompletableFuture<Void> come = limiter.reserve(2, LONG);
    timer.advance(200);

    assertThat(come.cancel(false)).isFalse();
    assertThat(come).isCompleted();
  }
}
