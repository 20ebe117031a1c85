package io.weir.limiter.outbound;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs calls at their turn, which is a future that completes when a call may start. */
final class Calls {
  private Calls() {}

  /** See {@link OutboundRateLimiter#execute}. */
  static <T> T run(CompletableFuture<?> turn, Callable<T> call) throws Exception {
    await(turn);
    return call.call();
  }

  /** Waits for the turn on this thread; an interruption before gives it back. */
  static void await(CompletableFuture<?> turn) throws InterruptedException {
    try {
      turn.get();
    } catch (InterruptedException e) {
      if (turn.cancel(false)) {
        throw e;
      }
      // The turn came first: whether to stop is for the call to say.
      Thread.currentThread().interrupt();
      rethrow(turn);
    } catch (ExecutionException e) {
      rethrow(turn);
    }
  }

  /** Throws what a future that is done failed with, if it did. */
  private static void rethrow(CompletableFuture<?> done) {
    try {
      done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** What a stage failed with, without what futures wrap around it. */
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /**
   * Starts a call, see {@link OutboundRateLimiter#executeAsync}.
   *
   * @param abandoned what to do once it is settled that the call does not start, though its turn
   *     may have come
   * @param ended what to do when the call ended, or threw instead of starting; before the result
   *     completes, because what depends on that may want the same again
   */
  static <T> CompletableFuture<T> start(
      CompletableFuture<?> turn,
      Supplier<? extends CompletionStage<T>> call,
      Executor executor,
      Runnable abandoned,
      Runnable ended) {
    Started<T> result = new Started<>(turn, call, abandoned, ended);
    var unused = result.whenComplete((value, failure) -> result.passOn());
    if (turn.isDone()) {
      result.start();
    } else {
      var unusedStart = turn.whenComplete((nothing, failure) -> result.startOn(executor));
    }
    return result;
  }

  private static final class Started<T> extends KnowingFuture<T> {
    private final CompletableFuture<?> turn;
    private final Supplier<? extends CompletionStage<T>> call;
    private final Runnable abandoned;
    private final Runnable ended;
    private final AtomicReference<@Nullable CompletionStage<T>> stage = new AtomicReference<>();

    /** Whether it is settled if the call starts. */
    private final AtomicBoolean settled = new AtomicBoolean();

    Started(
        CompletableFuture<?> turn,
        Supplier<? extends CompletionStage<T>> call,
        Runnable abandoned,
        Runnable ended) {
      this.turn = turn;
      this.call = call;
      this.abandoned = abandoned;
      this.ended = ended;
    }

    /** Before anybody is told: who is finds things as they are from then on. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      if (!isDone() && settled.compareAndSet(false, true)) {
        turn.cancel(false);
        abandoned.run();
      }
      return super.cancel(mayInterruptIfRunning);
    }

    void startOn(Executor executor) {
      if (isDone() || settled.get()) {
        abandon();
        return;
      }
      try {
        executor.execute(this::start);
      } catch (Throwable e) {
        // Rejected, or there is no thread to be had.
        abandon();
        completeExceptionally(turnFailure().orElse(e));
      }
    }

    private void abandon() {
      if (settled.compareAndSet(false, true)) {
        abandoned.run();
      }
    }

    /** Why the turn, which is done, did not come. */
    private Optional<Throwable> turnFailure() {
      try {
        turn.join();
        return Optional.empty();
      } catch (RuntimeException e) {
        return Optional.of(cause(e));
      }
    }

    void start() {
      Optional<Throwable> failure = turnFailure();
      if (failure.isPresent()) {
        abandon();
        completeExceptionally(failure.get());
        return;
      }
      if (isDone()) {
        abandon();
        return;
      }
      if (!settled.compareAndSet(false, true)) {
        return;
      }
      try {
        CompletionStage<T> started =
            Objects.requireNonNull(call.get(), "the call returned null; it must return a stage");
        stage.set(started);
        started.whenComplete(this::copy);
      } catch (Throwable e) {
        ended.run();
        completeExceptionally(e);
      }
      // It may have been cancelled before there was anything to cancel.
      passOn();
    }

    private void copy(@Nullable T value, @Nullable Throwable failure) {
      ended.run();
      if (failure == null) {
        completeNullable(value);
      } else {
        completeExceptionally(cause(failure));
      }
    }

    @SuppressWarnings("NullAway") // A stage may complete with null, which CompletableFuture allows.
    private void completeNullable(@Nullable T value) {
      complete(value);
    }

    /** Whoever completed it: nobody wants the turn any more, nor the call if it was cancelled. */
    void passOn() {
      if (!isDone()) {
        return;
      }
      turn.cancel(false);
      abandon();
      if (!isCancelled()) {
        return;
      }
      CompletionStage<T> started = stage.get();
      if (started != null) {
        try {
          started.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
          // A stage that cannot be cancelled runs to its end.
        }
      }
    }
  }
}
