package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import java.util.Objects;

/**
 * A limit that a request brings along, in place of what the rules say: Envoy's {@code
 * RateLimitOverride}.
 *
 * @param requests requests that each unit grants; 0 denies all
 * @param unit the length of the period
 */
public record LimitOverride(long requests, RateUnit unit) {

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is below 0
   */
  public LimitOverride {
    Objects.requireNonNull(unit, "the unit of a limit override is null");
    if (requests < 0) {
      throw new IllegalArgumentException(
          "a limit override is of " + requests + " requests; it must be 0 or more");
    }
  }

  /** These numbers under an algorithm; as a fixed window where it cannot count them exactly. */
  Limit under(Algorithm<?> algorithm) {
    try {
      return new Limit(algorithm, requests, unit.millis(), requests);
    } catch (IllegalArgumentException e) {
      return new Limit(new FixedWindow(), requests, unit.millis(), requests);
    }
  }
}
