package io.weir.limiter.algorithm;

/**
 * State of a token bucket: how far it was from full after the last admission.
 *
 * @param missing what the bucket lacked to be full at {@code lastMillis}, in the scaled units that
 *     {@link Limit#unitsPerToken()} defines; 0 or more
 * @param lastMillis time of the last admission, in milliseconds since the epoch
 */
public record TokenBucketState(long missing, long lastMillis) implements LimitState {

  /**
   * Checks the numbers by themselves.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public TokenBucketState {
    Exact.requireNotNegative("missing", missing);
    Exact.requireTime("lastMillis", lastMillis);
  }
}
