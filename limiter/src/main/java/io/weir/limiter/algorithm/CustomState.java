package io.weir.limiter.algorithm;

import java.util.List;

/**
 * State of an algorithm of the user's own: a few numbers whose meaning only the algorithm knows.
 *
 * @param values the numbers, at most 1,000 of them
 * @param lastMillis time of the last admission, in milliseconds since the epoch
 */
public record CustomState(List<Long> values, long lastMillis) implements LimitState {
  /** Copies the list. */
  public CustomState {
    values = List.copyOf(values);
  }
}
