package io.weir.streams.gateway;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time that a stop may take, shared by the parts that finish what is under way one after
 * another. It runs from when the first of them asks for it. Thread-safe.
 */
public final class StopTime {
  private final Duration whole;
  private final LongSupplier nanos;
  private boolean running;
  private long endNanos;

  /**
   * A time that does not run yet.
   *
   * @param whole what a stop may take, above 0
   * @param nanos nanoseconds from some fixed point
   * @throws IllegalArgumentException if it is not above 0
   */
  public StopTime(Duration whole, LongSupplier nanos) {
    if (whole.isNegative() || whole.isZero()) {
      throw new IllegalArgumentException("the time of a stop is " + whole + "; it must be above 0");
    }
    this.whole = whole;
    this.nanos = nanos;
  }

  /** A time by the clock of this machine. */
  public static StopTime of(Duration whole) {
    return new StopTime(whole, System::nanoTime);
  }

  /** What is left of it; zero where it is over. */
  public synchronized Duration left() {
    if (!running) {
      running = true;
      endNanos = nanos.getAsLong() + whole.toNanos();
    }
    return Duration.ofNanos(Math.max(0, endNanos - nanos.getAsLong()));
  }
}
