package io.weir.limiter.algorithm;

/**
 * State of a fixed window. The window itself is not stored: it is the one that holds {@code
 * lastMillis}.
 *
 * @param count tokens taken in the window that holds {@code lastMillis}, 0 or more
 * @param lastMillis time of the last admission, in milliseconds since the epoch
 */
public record FixedWindowState(long count, long lastMillis) implements LimitState {

  /**
   * Checks the numbers by themselves.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public FixedWindowState {
    Exact.requireNotNegative("count", count);
    Exact.requireTime("lastMillis", lastMillis);
  }
}
