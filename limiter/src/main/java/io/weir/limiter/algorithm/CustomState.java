package io.weir.limiter.algorithm;

import java.util.List;

/**
 * State of an algorithm of the user's own: a few numbers whose meaning only the algorithm knows.
 *
 * @param values the numbers, at most {@link #MAX_VALUES} of them
 * @param lastMillis time of the last admission, in milliseconds since the epoch
 */
public record CustomState(List<Long> values, long lastMillis) implements LimitState {
  /** The most numbers a state can hold: its row stays small. */
  public static final int MAX_VALUES = 1_000;

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there are too many numbers, or the time is out of range
   */
  public CustomState {
    values = List.copyOf(values);
    if (values.size() > MAX_VALUES) {
      throw new IllegalArgumentException(
          "a custom state of " + values.size() + " numbers; the most is " + MAX_VALUES);
    }
    Exact.requireTime("lastMillis", lastMillis);
  }
}
