package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import java.util.Objects;
import java.util.Optional;

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

  /** These numbers under an algorithm; empty where it cannot count them exactly. */
  Optional<Limit> under(Algorithm<?> algorithm) {
    try {
      return Optional.of(new Limit(algorithm, requests, unit.millis(), requests));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** These numbers as a fixed window, which can count all. */
  Limit fixedWindow() {
    return new Limit(new FixedWindow(), requests, unit.millis(), requests);
  }
}
