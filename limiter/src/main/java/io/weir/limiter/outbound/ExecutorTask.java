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
final class ExecutorTask<T> extends KnowingFuture<T> {
  private static final long MOMENT_NANOS = 10_000;

  private final Callable<T> callable;
  private final Executor workers;

  /**
   * Completes when nothing of it waits or runs any more: just before the task itself does, because
   * what depends on the task may wait for its executor to end.
   */
  final CompletableFuture<Void> ended = new CompletableFuture<>();

  // Both under this object's monitor.
  private @Nullable Thread runner;

  /** From its turn until it runs. */
  private Turnstile.@Nullable Permit held;

  private volatile @Nullable CompletableFuture<Turnstile.Permit> passage;

  ExecutorTask(Callable<T> callable, Executor workers) {
    this.callable = callable;
    this.workers = workers;
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
    synchronized (this) {
      held = permit;
    }
    if (isDone()) {
      abandon();
      return;
    }
    try {
      workers.execute(this::run);
    } catch (Throwable e) {
      // Rejected, or there is no thread to be had.
      abandon();
      fail(e);
    }
  }

  private void run() {
    Turnstile.Permit permit = take(Thread.currentThread());
    if (permit == null) {
      return;
    }
    if (isDone()) {
      leave();
      permit.abandon();
      ended.complete(null);
      return;
    }
    permit.begin();
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

  /** Its turn came and nobody wants it any more: if it does not run, what it has is for others. */
  private void abandon() {
    Turnstile.Permit permit = take(null);
    if (permit != null) {
      permit.abandon();
      ended.complete(null);
    }
  }

  /** What it has from its turn, for one alone: who runs it, or who abandons it. */
  private synchronized Turnstile.@Nullable Permit take(@Nullable Thread newRunner) {
    Turnstile.Permit permit = held;
    held = null;
    if (permit != null) {
      runner = newRunner;
    }
    return permit;
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
    if (cancelled) {
      abandon();
    }
    if (cancelled && mayInterruptIfRunning) {
      interrupt();
    }
    return cancelled;
  }

  synchronized boolean isRunBy(Thread thread) {
    return runner == thread;
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
