package io.weir.streams.store;

import java.time.Duration;

/**
 * How much expiry may do at a time. Rows are looked through in the background, but deleted on the
 * stream thread, inside the transaction, so that must be short; a pass over all rows takes as many
 * steps as it needs.
 *
 * @param interval time between two looks whether rows can be idle, by the wall clock
 * @param maxRows the most rows that are looked through at a time
 * @param maxTime how long the steps of all partitions together may take at a time; {@link
 *     #floodTime} while more rows are made than deleted
 */
public record ExpirySettings(Duration interval, int maxRows, Duration maxTime) {

  /** Of this many parts of the time, steps take one. */
  private static final int PARTS_OF_TIME = 48;

  /** Of this many, where more rows are made than deleted. */
  private static final int PARTS_IN_FLOOD = 4;

  /** So much of {@link #PARTS_OF_TIME} is a quarter of the time. */
  private static final int MOST_IN_FLOOD = PARTS_OF_TIME / PARTS_IN_FLOOD;

  /**
   * Up to 1 ms of each 48, or 12 in a flood of new identifiers: docs/operations.md says what that
   * makes.
   */
  public static final ExpirySettings DEFAULT =
      new ExpirySettings(Duration.ofSeconds(1), 20_000, Duration.ofMillis(1));

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

  /** Time between two steps while there are rows to delete, or to look through. */
  public Duration stepInterval() {
    Duration ofSteps = maxTime.multipliedBy(PARTS_OF_TIME);
    return ofSteps.compareTo(interval) < 0 && ofSteps.toMillis() > 0 ? ofSteps : interval;
  }

  /**
   * How long they may take at a time while more rows are made than deleted: a quarter of the time,
   * and never less than {@link #maxTime}.
   */
  public Duration floodTime() {
    Duration part = stepInterval().dividedBy(PARTS_IN_FLOOD);
    Duration most = maxTime.multipliedBy(MOST_IN_FLOOD);
    Duration either = part.compareTo(most) < 0 ? part : most;
    return either.compareTo(maxTime) > 0 ? either : maxTime;
  }
}
