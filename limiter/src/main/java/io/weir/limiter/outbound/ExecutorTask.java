package io.weir.limiter.outbound;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task from the time it was given until its thread is done with it. */
final class ExecutorTask<T> extends CompletableFuture<T> {
  private static final long MOMENT_NANOS = 10_000;

  private final Callable<T> callable;
  private final Executor workers;

  /**
   * Completes when nothing of it waits or runs any more: just before the task itself does, because
   * what depends on the task may wait for its executor to end.
   */
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
                fail(failure);
              } else {
                dispatch(permit);
              }
            });
  }

  private void dispatch(Turnstile.Permit permit) {
    try {
      workers.execute(() -> run(permit));
    } catch (Throwable e) {
      // Rejected, or there is no thread to be had.
      permit.close();
      fail(e);
    }
  }

  private void run(Turnstile.Permit permit) {
    if (!startsOn(Thread.currentThread())) {
      end(permit);
      return;
    }
    T result;
    try {
      result = callable.call();
    } catch (Throwable e) {
      end(permit);
      completeExceptionally(e);
      return;
    }
    end(permit);
    complete(result);
  }

  private void end(Turnstile.Permit permit) {
    leave();
    permit.close();
    ended.complete(null);
  }

  /** It did not run, and nothing of it is left. */
  void fail(Throwable why) {
    ended.complete(null);
    completeExceptionally(why);
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

  /** Waits for the moment between its end and its result. */
  void awaitResult() {
    while (!isDone()) {
      LockSupport.parkNanos(MOMENT_NANOS);
    }
  }

  /** Throws what the way in was refused with, if it was already; not what the task failed with. */
  void rethrowRejection() {
    CompletableFuture<Turnstile.Permit> way = passage;
    if (way == null || !way.isCompletedExceptionally()) {
      return;
    }
    try {
      way.join();
    } catch (CancellationException e) {
      // Its caller sees it in the future.
    } catch (CompletionException e) {
      if (e.getCause() instanceof OutboundRejectedException rejection) {
        throw rejection;
      }
    }
  }
}
