package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Meter;
import io.weir.limiter.algorithm.TokenBucket;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket that can be owed to: tokens are taken before they are there, and whoever took them
 * starts when they are. So everybody's wait is known when it begins, and those who wait start at
 * the pace of the limit, whose fractions of milliseconds are not lost.
 *
 * <p><b>Derivation.</b> The level is what is missing to be full, as in {@link TokenBucket}, and may
 * be above what the bucket holds. Costs are added in arrival order; who took tokens may start as
 * soon as the level, without what was taken after it, is at most what the bucket holds. Who starts
 * late took its tokens from a bucket that was fuller than it can be, if more than the burst flowed
 * in since: then the level is raised to what it would be had the tokens been taken at the start. So
 * the starts are those of a token bucket, up to the millisecond that a time is rounded to: in any
 * span of d milliseconds at most {@code burst + requests * (d + 1) / period} tokens.
 *
 * <p>The numbers may change. Where the burst shrinks the level is at most what the new bucket
 * holds, so nobody waits longer than it asks; but the rest of the level is kept, as it would
 * otherwise be granted when the burst grows again. Level and rest together are what is missing of a
 * bucket that always had the largest burst, so no sequence of changes grants more than that one.
 *
 * <p>Who was let go and does not begin after all gives back what it took, as far as the bucket has
 * not been full meanwhile, see {@link LowWater}: the starts are those of a bucket of which that one
 * never took anything.
 *
 * <p>While it is paused the level stands still: what refills begins where the pause ends.
 *
 * <p>Times are of {@link SteadyTime}. Not thread-safe.
 */
final class Bucket {
  private static final TokenBucket ALGORITHM = new TokenBucket();

  /** A level that one more cost cannot make overflow: a cost is at most {@code 2^61} units. */
  private static final long MAX_LEVEL = 1L << 62;

  private Limit limit;
  private long level;

  /**
   * What is missing of buckets that it was before and that held more than this one can: comes back
   * to the level when it holds more again. It refills when the level is 0, as it would have there.
   */
  private long hiddenLevel;

  /** The time that the level is of; later than now while it is paused. */
  private long sinceMillis;

  /**
   * Of those who were let go and may not have begun. Every step notes what is missing before it.
   */
  private final LowWater lowWater = new LowWater();

  /** What those took who did not start yet. */
  private long owedTokens;

  Bucket(Limit limit) {
    this.limit = requireUsable(limit);
  }

  /**
   * A limit that can be waited for.
   *
   * @throws IllegalArgumentException if it is no token bucket, or never admits anything
   */
  static Limit requireUsable(Limit limit) {
    if (!limit.algorithm().name().equals(ALGORITHM.name())) {
      throw new IllegalArgumentException(
          "the limit is " + limit + "; it must be one of Limit.tokenBucket");
    }
    if (limit.requests() == 0) {
      throw new IllegalArgumentException("the limit is " + limit + "; it must admit something");
    }
    return limit;
  }

  Limit limit() {
    return limit;
  }

  /** Whether the debt leaves room for one more to be counted. */
  boolean canOweMore(long nowMillis) {
    return level(nowMillis) <= MAX_LEVEL;
  }

  /** Whether so many tokens more can be owed and counted. */
  boolean canOwe(long nowMillis, long tokens) {
    return tokens <= (MAX_LEVEL - Math.min(MAX_LEVEL, level(nowMillis))) / limit.unitsPerToken();
  }

  /** How long who would take tokens now had to wait, rounded up; at most the burst. */
  long waitMillis(long nowMillis, long tokens) {
    return afterPause(nowMillis, Meter.excess(limit, level(nowMillis), tokens));
  }

  /** How long who took tokens still has to wait, rounded up. */
  long waitMillisOfTaken(long nowMillis, long takenAfterwards) {
    long units = Math.multiplyExact(takenAfterwards, limit.unitsPerToken());
    return afterPause(nowMillis, level(nowMillis) - units - Meter.capacity(limit));
  }

  private long afterPause(long nowMillis, long excess) {
    return pauseMillis(nowMillis) + (excess <= 0 ? 0 : Meter.drainMillis(limit, excess));
  }

  /** How long it stays paused. */
  long pauseMillis(long nowMillis) {
    return Math.max(0, sinceMillis - nowMillis);
  }

  void take(long nowMillis, long tokens) {
    note(nowMillis);
    set(nowMillis, Meter.raised(limit, level(nowMillis), tokens));
  }

  /** Takes tokens for who starts when they are there. */
  void owe(long nowMillis, long tokens) {
    take(nowMillis, tokens);
    owedTokens += tokens;
  }

  /**
   * The first of those who took tokens and did not start yet starts now.
   *
   * @param takenAfterwards what the others took
   */
  void start(long nowMillis, long tokens, long takenAfterwards) {
    long taken = Math.multiplyExact(tokens + takenAfterwards, limit.unitsPerToken());
    // The level of those who started before: below 0 if more flowed in than the bucket holds. What
    // flows in a millisecond may be there, because waits are rounded up to whole ones.
    long least = 1 - limit.unitsPerMilli();
    long before = Math.max(level(nowMillis) - taken, least);
    lowWater.note(Math.max(0, level(nowMillis) - Math.max(0, taken + least)));
    set(nowMillis, Math.max(0, before + taken));
    owedTokens -= tokens;
  }

  /** Gives back what was taken by who did not start, and by nobody else. */
  void giveBack(long nowMillis, long tokens) {
    note(nowMillis);
    long units = Math.multiplyExact(tokens, limit.unitsPerToken());
    set(nowMillis, Math.max(0, level(nowMillis) - units));
    owedTokens -= tokens;
  }

  /** Who took tokens just now and starts may give them back; null where that cannot be. */
  LowWater.@Nullable Mark mark(long tokens) {
    return lowWater.mark(Math.multiplyExact(tokens, limit.unitsPerToken()));
  }

  /** Who might have given back has begun: its tokens are spent. */
  void keep(LowWater.Mark mark) {
    lowWater.keep(mark);
  }

  /** Gives back what was taken by who was let go and does not begin, as far as there is room. */
  void giveBack(long nowMillis, LowWater.Mark mark) {
    note(nowMillis);
    long units = lowWater.giveBack(mark);
    // What a narrower bucket hides was missing before what it shows.
    long hidden = total(nowMillis) - level(nowMillis);
    long ofHidden = Math.min(hidden, units);
    set(nowMillis, Math.max(0, level(nowMillis) - (units - ofHidden)));
    hiddenLevel = hidden - ofHidden;
  }

  /** Goes on with other numbers; nothing is owed, and what was used stays used. */
  void update(long nowMillis, Limit to) {
    note(nowMillis);
    // Neither grants more than there was.
    long missing = converted(total(nowMillis), to, RoundingMode.UP);
    lowWater.convert(units -> converted(units, to, RoundingMode.DOWN));
    level = Math.min(missing, Meter.capacity(to));
    hiddenLevel = missing - level;
    sinceMillis = Math.max(sinceMillis, nowMillis);
    limit = to;
  }

  /** Units in those of another limit; at most as many as can be counted. */
  private long converted(long units, Limit to, RoundingMode rounding) {
    return BigDecimal.valueOf(units)
        .multiply(BigDecimal.valueOf(to.unitsPerToken()))
        .divide(BigDecimal.valueOf(limit.unitsPerToken()), 0, rounding)
        .min(BigDecimal.valueOf(MAX_LEVEL))
        .longValueExact();
  }

  /** Admits and refills nothing before a time; a time that is over ends a pause. */
  void pauseUntil(long nowMillis, long untilMillis) {
    note(nowMillis);
    set(nowMillis, level(nowMillis));
    sinceMillis = Math.max(nowMillis, untilMillis);
  }

  /** Leaves at most so many tokens; nothing is owed. */
  void leaveAtMost(long nowMillis, long tokens) {
    long left = Math.min(tokens, limit.burst());
    long least = Meter.capacity(limit) - left * limit.unitsPerToken();
    note(nowMillis);
    lowWater.note(Math.max(0, level(nowMillis) - least));
    set(nowMillis, Math.max(level(nowMillis), least));
  }

  /** The tokens that can be taken without a wait. */
  long available(long nowMillis) {
    boolean none = pauseMillis(nowMillis) > 0 || level(nowMillis) >= Meter.capacity(limit);
    return none ? 0 : Meter.remaining(limit, level(nowMillis));
  }

  /** Whether it is as one that was just made. */
  boolean isFull(long nowMillis) {
    return pauseMillis(nowMillis) == 0 && total(nowMillis) == 0;
  }

  /** What is missing without what those took who wait: they may go as if they had never come. */
  private void note(long nowMillis) {
    long owed = Math.multiplyExact(owedTokens, limit.unitsPerToken());
    lowWater.note(Math.max(0, total(nowMillis) - owed));
  }

  private void set(long nowMillis, long newLevel) {
    hiddenLevel = total(nowMillis) - level(nowMillis);
    level = newLevel;
    sinceMillis = Math.max(sinceMillis, nowMillis);
  }

  /** The level and what is hidden of it. */
  private long total(long nowMillis) {
    long sum = level + Math.min(hiddenLevel, Long.MAX_VALUE - level);
    return Meter.level(limit, sum, Math.min(sinceMillis, nowMillis), nowMillis);
  }

  private long level(long nowMillis) {
    return Meter.level(limit, level, Math.min(sinceMillis, nowMillis), nowMillis);
  }
}
