package io.weir.limiter.outbound;

import io.weir.limiter.words.Spans;
import java.time.Duration;

/** Durations as numbers, where the longest ones are as long as need be. */
final class Times {
  /** Longer than anybody waits, and far from where sums of times overflow. */
  static final Duration FOREVER = Duration.ofDays(365_000);

  private Times() {}

  /** Whole milliseconds, rounded down, at most {@link #FOREVER}. */
  static long millis(Duration duration) {
    return atMostForever(duration).toMillis();
  }

  /** Nanoseconds, at most those of 200 years. */
  static long nanos(Duration duration) {
    Duration most = Duration.ofDays(200 * 365);
    return (duration.compareTo(most) < 0 ? duration : most).toNanos();
  }

  /**
   * A duration that is given.
   *
   * @throws IllegalArgumentException if it is negative
   */
  static Duration requireNotNegative(String what, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(
          what + " is " + Spans.exact(duration) + "; it must be 0 or more");
    }
    return duration;
  }

  /** The duration, or {@link #FOREVER} where it is longer. */
  static Duration atMostForever(Duration duration) {
    return duration.compareTo(FOREVER) < 0 ? duration : FOREVER;
  }
}
