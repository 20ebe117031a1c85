package io.weir.limiter.redis;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Ends what takes longer than it may, which is as long for all: so the oldest is the next, and one
 * timer does for all of them. It runs only while there is something to wait for. Thread-safe.
 */
final class Deadlines {
  private final ScheduledExecutorService timer;
  private final long timeoutNanos;
  private final Supplier<? extends Throwable> failure;
  private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean armed = new AtomicBoolean();

  private record Waiter(CompletableFuture<?> future, long endNanos) {}

  /**
   * Deadlines of one length.
   *
   * @param failure what ends a future that takes longer
   */
  Deadlines(
      ScheduledExecutorService timer, Duration timeout, Supplier<? extends Throwable> failure) {
    this.timer = timer;
    this.timeoutNanos = timeout.toNanos();
    this.failure = failure;
  }

  /** Gives a future its time from now on. */
  void add(CompletableFuture<?> future) {
    waiters.add(new Waiter(future, System.nanoTime() + timeoutNanos));
    if (armed.compareAndSet(false, true)) {
      arm(timeoutNanos);
    }
  }

  private void arm(long nanos) {
    try {
      var unused = timer.schedule(this::endOverdue, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: nothing will come for who waits.
      endAll();
    }
  }

  private void endOverdue() {
    Waiter next;
    long leftNanos = 0;
    while ((next = waiters.peek()) != null) {
      leftNanos = next.endNanos() - System.nanoTime();
      if (leftNanos > 0 && !next.future().isDone()) {
        break;
      }
      waiters.poll();
      end(next.future());
    }
    if (next != null) {
      arm(leftNanos);
      return;
    }
    armed.set(false);
    if (!waiters.isEmpty() && armed.compareAndSet(false, true)) {
      arm(timeoutNanos);
    }
  }

  /** Ends all that is waited for: nothing comes any more. */
  void endAll() {
    waiters.forEach(waiter -> end(waiter.future()));
  }

  private void end(CompletableFuture<?> future) {
    if (!future.isDone()) {
      future.completeExceptionally(failure.get());
    }
  }
}
