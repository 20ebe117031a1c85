package io.weir.limiter.plain;

import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.LeakyBucketState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.Meter;
import io.weir.limiter.algorithm.TokenBucketState;

/** Token bucket and leaky bucket: what is missing to be full, or what is queued. */
final class MeterCell extends Cell {
  /** At the last admission, in the units of {@link Limit#unitsPerToken()}. */
  private long level;

  MeterCell(Object key, int hash) {
    super(key, hash);
  }

  @Override
  long used(Limit limit, long nowMillis) {
    return Meter.level(limit, level, lastMillis, nowMillis);
  }

  @Override
  boolean fits(Limit limit, long used, long cost) {
    return Meter.excess(limit, used, cost) <= 0;
  }

  @Override
  void take(Limit limit, long nowMillis, long used, long cost) {
    level = Meter.raised(limit, used, cost);
  }

  @Override
  long idleFromMillis(Limit limit) {
    return lastMillis + Meter.drainMillis(limit, level);
  }

  @Override
  LimitState state(Limit limit) {
    return limit.algorithm() instanceof LeakyBucket
        ? new LeakyBucketState(level, lastMillis)
        : new TokenBucketState(level, lastMillis);
  }
}
