package io.weir.limiter.algorithm;

/**
 * State of a sliding window counter. The windows themselves are not stored: the current one is the
 * one that holds {@code lastMillis}.
 *
 * @param current tokens taken in the window that holds {@code lastMillis}, 0 or more
 * @param previous tokens taken in the window before it, 0 or more
 * @param lastMillis time of the last admission, in milliseconds since the epoch
 */
public record SlidingWindowCounterState(long current, long previous, long lastMillis)
    implements LimitState {

  /**
   * Checks the numbers by themselves.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public SlidingWindowCounterState {
    Exact.requireNotNegative("current", current);
    Exact.requireNotNegative("previous", previous);
    Exact.requireTime("lastMillis", lastMillis);
  }
}
