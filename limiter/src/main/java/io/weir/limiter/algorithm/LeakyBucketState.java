package io.weir.limiter.algorithm;

/**
 * State of a leaky bucket: what was queued after the last admission.
 *
 * @param queued what was in the queue at {@code lastMillis}, in the scaled units that {@link
 *     Limit#unitsPerToken()} defines; 0 or more
 * @param lastMillis time of the last admission, in milliseconds since the epoch
 */
public record LeakyBucketState(long queued, long lastMillis) implements LimitState {

  /**
   * Checks the numbers by themselves.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public LeakyBucketState {
    Exact.requireNotNegative("queued", queued);
    Exact.requireTime("lastMillis", lastMillis);
  }
}
