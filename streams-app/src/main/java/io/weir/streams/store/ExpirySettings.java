package io.weir.streams.store;

import java.time.Duration;

/**
 * How much expiry may do at a time. A tick runs on the stream thread, inside the transaction, so it
 * must be short; a pass over all rows takes as many ticks as it needs.
 *
 * @param interval time between two ticks, by the wall clock
 * @param maxRows the most rows that one tick visits
 * @param maxTime the time after which one tick stops looking
 */
public record ExpirySettings(Duration interval, int maxRows, Duration maxTime) {

  /**
   * Each second up to 10,000 rows, in up to 20 ms. Rows must go at least as fast as new identifiers
   * come, or the store grows without end.
   */
  public static final ExpirySettings DEFAULT =
      new ExpirySettings(Duration.ofSeconds(1), 10_000, Duration.ofMillis(20));

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not above 0
   */
  public ExpirySettings {
    if (interval.toMillis() <= 0) {
      throw new IllegalArgumentException(
          "the expiry interval is " + interval + "; it must be 1 ms or more");
    }
    if (maxRows <= 0) {
      throw new IllegalArgumentException(
          "expiry may visit " + maxRows + " rows at a time; it must be 1 or more");
    }
    if (maxTime.isNegative() || maxTime.isZero()) {
      throw new IllegalArgumentException(
          "expiry may take " + maxTime + " at a time; it must be longer than 0");
    }
  }
}
