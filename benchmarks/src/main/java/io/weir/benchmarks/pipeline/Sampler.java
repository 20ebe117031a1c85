package io.weir.benchmarks.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Looks at a run at even intervals: how many records were processed in each, and the highest of
 * what is only seen for a while. Asked by the thread that waits for the run, so that no other one
 * is there to disturb it. Not thread-safe.
 */
final class Sampler {
  /** Length of an interval. */
  static final long INTERVAL_MILLIS = 250;

  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS);

  private final LongSupplier processed;
  private final DoubleSupplier step;
  private final List<Long> perInterval = new ArrayList<>();
  private long nextNanos = System.nanoTime() + INTERVAL_NANOS;
  private long before;
  private long heapMaxBytes;
  private double longestStepMillis;

  /**
   * A sampler that begins now.
   *
   * @param processed a count that grows
   * @param step the longest step of late, in milliseconds
   */
  Sampler(LongSupplier processed, DoubleSupplier step) {
    this.processed = processed;
    this.step = step;
  }

  /** Takes a sample if it is time to. */
  void lookIfDue() {
    if (System.nanoTime() - nextNanos >= 0) {
      nextNanos += INTERVAL_NANOS;
      long now = processed.getAsLong();
      perInterval.add(now - before);
      before = now;
      look();
    }
  }

  /** Looks once more, out of turn. */
  void look() {
    heapMaxBytes = Math.max(heapMaxBytes, ProcessMeters.heapBytes());
    longestStepMillis = Math.max(longestStepMillis, step.getAsDouble());
  }

  List<Long> perInterval() {
    return List.copyOf(perInterval);
  }

  long heapMaxBytes() {
    return heapMaxBytes;
  }

  double longestStepMillis() {
    return longestStepMillis;
  }
}
