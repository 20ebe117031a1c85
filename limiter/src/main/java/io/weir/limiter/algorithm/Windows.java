package io.weir.limiter.algorithm;

/**
 * The arithmetic of windows that are aligned to the epoch. Which window a count is of is not kept:
 * it is the one that holds the time of the last admission.
 *
 * <p>Everything is numbers and nothing allocates, for those who keep states as numbers. Times are
 * milliseconds since the epoch, in the ranges of {@link Algorithm#check}: nothing is checked here
 * again. The step of a fixed window is
 *
 * <pre>{@code
 * long used = Windows.current(Windows.startMillis(nowMillis, periodMillis), count, lastMillis);
 * if (cost <= requests && used <= requests - cost) {
 *   count = used + cost;
 *   lastMillis = nowMillis;
 * }
 * }</pre>
 *
 * <p>and that of a sliding window counter
 *
 * <pre>{@code
 * long start = Windows.startMillis(nowMillis, periodMillis);
 * long second = Windows.current(start, current, lastMillis);
 * long first = Windows.previous(start, periodMillis, current, previous, lastMillis);
 * if (cost <= requests
 *     && Windows.weighed(start, periodMillis, second, first, nowMillis)
 *         <= (requests - cost) * periodMillis) {
 *   current = second + cost;
 *   previous = first;
 *   lastMillis = nowMillis;
 * }
 * }</pre>
 */
public final class Windows {
  private Windows() {}

  /** Start of the window that holds a time. */
  public static long startMillis(long timeMillis, long periodMillis) {
    return timeMillis - timeMillis % periodMillis;
  }

  /** Start of the window after the one that holds a time. */
  public static long endMillis(long timeMillis, long periodMillis) {
    return startMillis(timeMillis, periodMillis) + periodMillis;
  }

  /**
   * Tokens taken in a window that has begun after the last admission or holds it.
   *
   * @param startMillis start of the window
   * @param current tokens taken in the window that holds the last admission
   * @param lastMillis time of the last admission
   */
  public static long current(long startMillis, long current, long lastMillis) {
    return lastMillis >= startMillis ? current : 0;
  }

  /**
   * Tokens taken in the window before that one.
   *
   * @param startMillis start of the window, not of the one before
   * @param current tokens taken in the window that holds the last admission
   * @param previous tokens taken in the window before the one that holds the last admission
   * @param lastMillis time of the last admission
   */
  public static long previous(
      long startMillis, long periodMillis, long current, long previous, long lastMillis) {
    if (lastMillis >= startMillis) {
      return previous;
    }
    return lastMillis >= startMillis - periodMillis ? current : 0;
  }

  /**
   * The estimate of a sliding window, times the period: the window before counts by the share of it
   * that the sliding one still covers.
   *
   * @param startMillis start of the window that holds {@code nowMillis}
   * @param current tokens taken in that window
   * @param previous tokens taken in the window before
   */
  public static long weighed(
      long startMillis, long periodMillis, long current, long previous, long nowMillis) {
    return previous * (startMillis + periodMillis - nowMillis) + current * periodMillis;
  }

  /**
   * When the estimate of a sliding window, which is now above so many tokens, is down to them if
   * nothing more is taken.
   *
   * @param startMillis start of the window that holds the time now
   * @param current tokens taken in that window
   * @param previous tokens taken in the window before
   * @param free the tokens, 0 or more
   */
  public static long weighedDownAtMillis(
      long startMillis, long periodMillis, long current, long previous, long free) {
    long windowEnd = startMillis + periodMillis;
    if (current <= free) {
      // The previous window must weigh less; at the latest it is gone when this window ends.
      return windowEnd - (free - current) * periodMillis / previous;
    }
    // This window's own count must weigh less, as the previous one of the next window.
    return windowEnd + periodMillis - free * periodMillis / current;
  }
}
