package io.weir.streams.topology;

import io.weir.limiter.Verdict;
import java.time.Duration;

/**
 * What becomes of requests that waited too long for anybody to need their answer still: nothing is
 * consumed for them.
 *
 * @param maxAge how old a request may be when it is read, by the wall clock
 * @param verdict the answer to an older one
 */
public record StaleRequests(Duration maxAge, Verdict verdict) {

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if the age is not above 0
   */
  public StaleRequests {
    if (maxAge.isNegative() || maxAge.isZero()) {
      throw new IllegalArgumentException("requests may be " + maxAge + " old; it must be above 0");
    }
  }

  boolean isStale(long timestampMillis, long wallClockMillis) {
    return wallClockMillis - timestampMillis > maxAge.toMillis();
  }
}
