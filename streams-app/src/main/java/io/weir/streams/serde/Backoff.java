package io.weir.streams.serde;

import java.util.random.RandomGenerator;

/**
 * Capped exponential back-off: waits double from the first to the longest, and each is drawn from
 * its upper half, so that many clients do not come back at the same instant. Immutable.
 *
 * @param firstMillis the first wait, above 0
 * @param longestMillis the longest wait, not below the first
 */
public record Backoff(long firstMillis, long longestMillis) {

  /** Checks the waits. */
  public Backoff {
    if (firstMillis <= 0 || longestMillis < firstMillis) {
      throw new IllegalArgumentException(
          "the first wait is "
              + firstMillis
              + " ms and the longest "
              + longestMillis
              + " ms; the first must be above 0 and not above the longest");
    }
  }

  /** Milliseconds to wait after the given number of failed rounds, 1 or more. */
  public long waitMillis(int failures, RandomGenerator random) {
    long full = firstMillis;
    for (int i = 1; i < failures && full < longestMillis; i++) {
      full = full > longestMillis / 2 ? longestMillis : full * 2;
    }
    long half = full / 2;
    return full - (half == 0 ? 0 : random.nextLong(half + 1));
  }
}
