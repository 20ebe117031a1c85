package io.weir.limiter.outbound;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A task from the time it was given until its thread is done with it. */
final class ExecutorTask<T> extends CompletableFuture<T> {
  private final Callable<T> callable;
  private final Executor workers;

  /** Completes when nothing of it waits or runs any more. */
  final CompletableFuture<Void> ended = new CompletableFuture<>();

  private @Nullable Thread runner;
  private volatile @Nullable CompletableFuture<Turnstile.Permit> passage;

  ExecutorTask(Callable<T> callable, Executor workers) {
    this.callable = callable;
    this.workers = workers;
  }

  /** Those that are made of it are plain. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }

  void begin(Turnstile turnstile, long tokens, Duration deadline) {
    CompletableFuture<Turnstile.Permit> way = turnstile.enter(tokens, deadline);
    passage = way;
    if (isDone()) {
      // Cancelled by who closes, before there was anything to cancel.
      way.cancel(false);
    }
    var unused =
        way.whenComplete(
            (permit, failure) -> {
              if (failure != null) {
                completeExceptionally(failure);
                ended.complete(null);
              } else {
                dispatch(permit);
              }
            });
  }

  private void dispatch(Turnstile.Permit permit) {
    try {
      workers.execute(() -> run(permit));
    } catch (RejectedExecutionException e) {
      completeExceptionally(e);
      end(permit);
    }
  }

  private void run(Turnstile.Permit permit) {
    try {
      if (startsOn(Thread.currentThread())) {
        complete(callable.call());
      }
    } catch (Throwable e) {
      completeExceptionally(e);
    } finally {
      leave();
      end(permit);
    }
  }

  private void end(Turnstile.Permit permit) {
    ended.complete(null);
    permit.close();
  }

  private synchronized boolean startsOn(Thread thread) {
    runner = thread;
    return !isDone();
  }

  private synchronized void leave() {
    runner = null;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    CompletableFuture<Turnstile.Permit> way = passage;
    if (way != null) {
      way.cancel(false);
    }
    if (cancelled && mayInterruptIfRunning) {
      interrupt();
    }
    return cancelled;
  }

  private synchronized void interrupt() {
    if (runner != null) {
      runner.interrupt();
    }
  }

  void rethrowRejection() {
    if (!isCompletedExceptionally()) {
      return;
    }
    try {
      join();
    } catch (CancellationException e) {
      // Its caller sees it in the future.
    } catch (CompletionException e) {
      if (e.getCause() instanceof OutboundRejectedException rejection) {
        throw rejection;
      }
    }
  }
}
