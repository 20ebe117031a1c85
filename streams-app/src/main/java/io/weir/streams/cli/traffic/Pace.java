package io.weir.streams.cli.traffic;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Spreads actions evenly over time. The n-th is due n intervals after the first, so a delay of one
 * is made up for by the next ones. Not thread-safe.
 */
final class Pace {
  private final double perSecond;
  private final LongSupplier nanoTime;
  private final LongConsumer sleepNanos;
  private long startNanos;
  private long actions;

  /**
   * A pace.
   *
   * @param perSecond actions a second, above 0
   * @param nanoTime the clock
   * @param sleepNanos waits so many nanoseconds, or less
   */
  Pace(double perSecond, LongSupplier nanoTime, LongConsumer sleepNanos) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    this.sleepNanos = sleepNanos;
    this.startNanos = nanoTime.getAsLong();
  }

  /** A pace by the clock of the machine. */
  static Pace of(double perSecond) {
    return new Pace(perSecond, System::nanoTime, LockSupport::parkNanos);
  }

  /** No waiting. */
  static Pace unlimited() {
    return of(Double.POSITIVE_INFINITY);
  }

  /** Waits until the next action is due; returns early if the thread is interrupted. */
  void await() {
    if (actions == 0) {
      startNanos = nanoTime.getAsLong();
    }
    long dueNanos = startNanos + (long) (actions * 1e9 / perSecond);
    long leftNanos = dueNanos - nanoTime.getAsLong();
    while (leftNanos > 0 && !Thread.currentThread().isInterrupted()) {
      sleepNanos.accept(leftNanos);
      leftNanos = dueNanos - nanoTime.getAsLong();
    }
    actions++;
  }
}
