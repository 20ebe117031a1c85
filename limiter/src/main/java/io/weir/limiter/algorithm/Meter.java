package io.weir.limiter.algorithm;

/**
 * The arithmetic that token bucket and leaky bucket share: a level that drains at the limit's rate
 * and may rise to {@code burst} tokens. For the token bucket the level is what is missing to be
 * full, for the leaky bucket it is what is queued.
 *
 * <p>Levels are in the scaled units of {@link Limit#unitsPerToken()}: the rate is a whole number of
 * units a millisecond, so nothing is ever rounded while time passes. The only roundings are up:
 * where a wait is reported, and where a level is carried over to another rate.
 */
final class Meter {
  private Meter() {}

  /** See {@link Algorithm#validate}. */
  static void validate(long requests, long periodMillis, long burst) {
    long unitsPerToken = periodMillis / Limit.greatestCommonDivisor(requests, periodMillis);
    if (!Exact.productFits(burst, unitsPerToken)) {
      throw new IllegalArgumentException(
          "burst "
              + burst
              + " at "
              + requests
              + " per "
              + periodMillis
              + " ms cannot be counted exactly; the burst must be at most "
              + Exact.MAX_SCALED / unitsPerToken);
    }
  }

  /** The level at which nothing more fits. */
  static long capacity(Limit limit) {
    return limit.burst() * limit.unitsPerToken();
  }

  /** The level at {@code nowMillis}. */
  static long level(Limit limit, long level, long sinceMillis, long nowMillis) {
    return Exact.drained(level, nowMillis - sinceMillis, limit.unitsPerMilli());
  }

  /** Whether the limit can admit the cost at all. */
  static boolean canEverFit(Limit limit, long cost) {
    return limit.requests() > 0 && cost <= limit.burst();
  }

  /**
   * What the level lacks to be low enough for the cost; 0 or less if the cost fits.
   *
   * @param cost at most the burst
   */
  static long excess(Limit limit, long level, long cost) {
    return level - (limit.burst() - cost) * limit.unitsPerToken();
  }

  /** The time to drain so many units, in milliseconds, rounded up. */
  static long drainMillis(Limit limit, long units) {
    return units == 0 ? 0 : Exact.divideRoundingUp(units, limit.unitsPerMilli());
  }

  /** How the limit stands at a level. */
  static Usage usage(Limit limit, long level, long nowMillis) {
    if (limit.requests() == 0) {
      return new Usage(0, nowMillis);
    }
    return new Usage(
        Math.max(0, capacity(limit) - level) / limit.unitsPerToken(),
        nowMillis + drainMillis(limit, level));
  }

  /** The level in the units of another limit, rounded up, at most that limit's capacity. */
  static long convert(Limit from, long level, Limit to) {
    return Exact.multiplyDivideRoundingUp(
        level, to.unitsPerToken(), from.unitsPerToken(), capacity(to));
  }
}
