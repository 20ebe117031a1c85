package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class CallsTest {
  /** A thread is interrupted in the moment in which its turn comes. */
  private static final class Raced extends CompletableFuture<Void> {
    @Override
    public Void get() throws InterruptedException {
      throw new InterruptedException();
    }
  }

  @Test
  void anInterruptionThatComesWithTheTurnIsLeftToTheCall() throws Exception {
    Raced turn = new Raced();
    turn.complete(null);

    boolean seen = Calls.run(turn, Thread::interrupted);
    assertThat(seen).isTrue();
  }

  @Test
  void anInterruptionThatComesWithARefusalEndsInTheRefusal() {
    Raced turn = new Raced();
    turn.completeExceptionally(new IllegalStateException("closed"));

    assertThatIllegalStateException().isThrownBy(() -> Calls.await(turn)).withMessage("closed");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatATurnFailsWithIsThrownAsItIsOrWrapped() {
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> Calls.await(CompletableFuture.failedFuture(new Exception("checked"))))
        .withMessageContaining("checked");
    CompletableFuture<Void> cancelled = new CompletableFuture<>();
    cancelled.cancel(false);
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> Calls.await(cancelled));
    assertThat(Calls.cause(new CompletionException(null))).isInstanceOf(CompletionException.class);
    Exception own = new Exception("with a cause of its own", new Exception("cause"));
    assertThat(Calls.cause(own)).isSameAs(own);
    assertThat(Calls.cause(new CompletionException(own))).isSameAs(own);
  }

  /** A turn that comes when a test says so, whatever was done to it meanwhile. */
  private static final class Held extends CompletableFuture<Void> {
    private Runnable come = () -> {};

    @Override
    public CompletableFuture<Void> whenComplete(
        BiConsumer<? super Void, ? super Throwable> action) {
      come = () -> action.accept(null, null);
      return this;
    }
  }

  @Test
  void aTurnThatComesToACallThatIsDoneOtherwiseIsAbandonedOnce() {
    Held turn = new Held();
    List<String> done = new ArrayList<>();
    CompletableFuture<String> call =
        Calls.start(
            turn,
            () -> CompletableFuture.completedFuture("no"),
            task -> done.add("executor"),
            () -> done.add("abandoned"),
            () -> done.add("ended"));

    call.complete("otherwise");
    turn.come.run();
    assertThat(done).containsExactly("abandoned");
  }

  @Test
  void aCallThatIsDoneOtherwiseBeforeItsThreadCameIsAbandoned() {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    List<String> done = new ArrayList<>();
    List<Runnable> tasks = new ArrayList<>();
    CompletableFuture<String> call =
        Calls.start(
            turn,
            () -> {
              done.add("started");
              return CompletableFuture.completedFuture("no");
            },
            tasks::add,
            () -> done.add("abandoned"),
            () -> done.add("ended"));

    turn.complete(null);
    call.complete("otherwise");
    assertThat(done).containsExactly("abandoned");
    tasks.forEach(Runnable::run);
    assertThat(tasks).hasSize(1);
    assertThat(done).containsExactly("abandoned");
    assertThat(call).isCompletedWithValue("otherwise");
  }

  @Test
  void aCallThatIsCancelledWhileItStartsEndsWhatItStarted() {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    CompletableFuture<String> stage = new CompletableFuture<>();
    List<CompletableFuture<String>> self = new ArrayList<>();
    CompletableFuture<String> call =
        Calls.start(
            turn,
            () -> {
              self.get(0).cancel(true);
              return stage;
            },
            Runnable::run,
            () -> {},
            () -> {});
    self.add(call);

    turn.complete(null);
    assertThat(stage).isCancelled();
  }

  @Test
  void aCallThatIsDoneOtherwiseLeavesAloneWhatItStarted() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    CompletableFuture<String> call =
        Calls.start(
            CompletableFuture.completedFuture(null),
            () -> stage,
            Runnable::run,
            () -> {},
            () -> {});

    call.completeExceptionally(new TimeoutException());
    assertThat(stage).isNotDone();
  }

  @Test
  void aWaitSaysForWhatHowLongAndHowManyAreAhead() {
    assertThat(
            new OutboundWait(
                "api", 1, OutboundWait.Cause.BUCKET, Optional.of(Duration.ofMillis(1_200)), 3))
        .hasToString("'api' waits for the bucket for 1 s 200 ms (1 token, 3 ahead)");
    assertThat(new OutboundWait("api", 2, OutboundWait.Cause.CONCURRENCY, Optional.empty(), 0))
        .hasToString("'api' waits for calls that are under way (2 tokens, 0 ahead)");
  }

  @Test
  void aTurnThatFailedIsToldAsItIsWhereTheExecutorTakesNothingAnyMore() {
    CompletableFuture<Void> turn = new CompletableFuture<>();
    CompletableFuture<String> call =
        Calls.start(
            turn,
            () -> CompletableFuture.completedFuture("no"),
            task -> {
              throw new RejectedExecutionException("shut down");
            },
            () -> {},
            () -> {});

    turn.completeExceptionally(new IllegalStateException("'api' was closed"));
    assertThat(call)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(IllegalStateException.class)
        .withMessageContaining("'api' was closed");
  }
}
