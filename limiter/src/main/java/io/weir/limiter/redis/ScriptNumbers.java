package io.weir.limiter.redis;

import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.codec.ScriptForm;
import java.nio.ByteBuffer;

/**
 * The numbers that the script judges a cost by under one limit; all of them whole, and exact as
 * doubles where the limit has a {@link ScriptForm}.
 *
 * @param per the units that drain from a bucket each millisecond; the period of others
 * @param room what may be used already for the cost to fit; -1 where it never does
 * @param cost what is taken: units of a bucket, else tokens
 */
record ScriptNumbers(long per, long room, long cost) {

  /** The numbers for a cost of 0 or more. */
  static ScriptNumbers of(Limit limit, ScriptForm.Kind kind, long cost) {
    long worth = kind == ScriptForm.Kind.BUCKET ? limit.unitsPerToken() : 1;
    long per = kind == ScriptForm.Kind.BUCKET ? limit.unitsPerMilli() : limit.periodMillis();
    return limit.requests() == 0 || cost > limit.burst()
        ? new ScriptNumbers(per, -1, 0)
        : new ScriptNumbers(per, (limit.burst() - cost) * worth, cost * worth);
  }

  /**
   * These where a turn that comes later than that does not fit either. What is used already is what
   * is waited for: it drains by {@code per} each millisecond.
   */
  ScriptNumbers within(Limit limit, long maxDelayMillis) {
    boolean delays = limit.algorithm() instanceof LeakyBucket;
    return delays && room > 0 && maxDelayMillis < room / per
        ? new ScriptNumbers(per, maxDelayMillis * per, cost)
        : this;
  }

  void write(ByteBuffer out) {
    out.putDouble((double) per).putDouble((double) room).putDouble((double) cost);
  }
}
