package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
  void whoIsCancelledJustWhenItsTurnComesIsNotToldToHaveItsTokensAndHasSpentThem() {
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
            "acquired 1 after 300");
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
}
