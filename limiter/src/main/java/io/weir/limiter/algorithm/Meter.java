package io.weir.limiter.algorithm;

import io.weir.limiter.words.Spans;
import java.time.Duration;

/**
 * The arithmetic that token bucket and leaky bucket share: a level that drains at the limit's rate
 * and may rise to {@code burst} tokens. For the token bucket the level is what is missing to be
 * full, for the leaky bucket it is what is queued.
 *
 * <p>Levels are in the scaled units of {@link Limit#unitsPerToken()}: the rate is a whole number of
 * units a millisecond, so nothing is ever rounded while time passes. The only roundings are up:
 * where a wait is reported, and where a level is carried over to another rate.
 *
 * <p>Everything is numbers and nothing allocates, for those who keep states as numbers; a step is
 *
 * <pre>{@code
 * if (Meter.canEverFit(limit, cost)) {
 *   long now = Meter.level(limit, level, lastMillis, nowMillis);
 *   if (Meter.excess(limit, now, cost) <= 0) {
 *     level = Meter.raised(limit, now, cost);
 *     lastMillis = nowMillis;
 *   }
 * }
 * }</pre>
 *
 * <p>The limit is one of these two algorithms, levels are from 0 to {@link #capacity}, and times
 * and costs are in the ranges of {@link Algorithm#check}: nothing is checked here again.
 */
public final class Meter {
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
              + Spans.exact(Duration.ofMillis(periodMillis))
              + " cannot be counted exactly; the burst must be at most "
              + Exact.MAX_SCALED / unitsPerToken);
    }
  }

  /** See {@link Algorithm#validateState}. */
  static void validateLevel(Limit limit, long level) {
    if (level > capacity(limit)) {
      throw new IllegalArgumentException(
          "the level is " + level + " units, but " + limit + " has room for " + capacity(limit));
    }
  }

  /** The level at which nothing more fits: 0 where nothing ever does. */
  public static long capacity(Limit limit) {
    return limit.requests() == 0 ? 0 : limit.burst() * limit.unitsPerToken();
  }

  /** So many tokens in units; {@link Long#MAX_VALUE} where they are more than any level. */
  static long units(Limit limit, long tokens) {
    return tokens > limit.burst() ? Long.MAX_VALUE : tokens * limit.unitsPerToken();
  }

  /** The level less so many units, at least 0. */
  static long lowered(long level, long units) {
    return level - Math.min(level, units);
  }

  /** The level at {@code nowMillis}, which is not before {@code sinceMillis}. */
  public static long level(Limit limit, long level, long sinceMillis, long nowMillis) {
    return Exact.drained(level, nowMillis - sinceMillis, limit.unitsPerMilli());
  }

  /** Whether the limit can admit the cost at all. */
  public static boolean canEverFit(Limit limit, long cost) {
    return limit.requests() > 0 && cost <= limit.burst();
  }

  /**
   * What the level lacks to be low enough for the cost; 0 or less if the cost fits.
   *
   * @param cost at most the burst
   */
  public static long excess(Limit limit, long level, long cost) {
    return level - (limit.burst() - cost) * limit.unitsPerToken();
  }

  /** The level after a cost that fits was taken. */
  public static long raised(Limit limit, long level, long cost) {
    return level + cost * limit.unitsPerToken();
  }

  /** The time to drain so many units, in milliseconds, rounded up. */
  public static long drainMillis(Limit limit, long units) {
    return units == 0 ? 0 : Exact.divideRoundingUp(units, limit.unitsPerMilli());
  }

  /** The tokens that still fit above a level, rounded down. */
  public static long remaining(Limit limit, long level) {
    return (capacity(limit) - level) / limit.unitsPerToken();
  }

  /** How the limit stands at a level. */
  static Usage usage(Limit limit, long level, long nowMillis) {
    return new Usage(remaining(limit, level), nowMillis + drainMillis(limit, level));
  }

  /**
   * The level at {@code nowMillis} after the limit's numbers changed, see {@link
   * Algorithm#carryOver}: as if the old numbers had been in force up to now, or the new ones ever
   * since the last admission, whichever leaves more room.
   */
  static long carriedOver(Limit from, long level, long sinceMillis, Limit to, long nowMillis) {
    return Math.min(
        convert(from, level(from, level, sinceMillis, nowMillis), to),
        level(to, convert(from, level, to), sinceMillis, nowMillis));
  }

  /** The level in the units of another limit, rounded up, at most that limit's capacity. */
  private static long convert(Limit from, long level, Limit to) {
    return Exact.multiplyDivideRoundingUp(
        level, to.unitsPerToken(), from.unitsPerToken(), capacity(to));
  }
}
