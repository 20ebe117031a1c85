package io.weir.limiter.plain;

import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.Windows;

/** Fixed window: the count of the window that holds the last admission. */
final class FixedWindowCell extends Cell {
  private long count;

  FixedWindowCell(Object key, int hash) {
    super(key, hash);
  }

  @Override
  long used(Limit limit, long nowMillis) {
    long startMillis = Windows.startMillis(nowMillis, limit.periodMillis());
    return Windows.current(startMillis, count, lastMillis);
  }

  @Override
  boolean fits(Limit limit, long used, long cost) {
    return used <= limit.requests() - cost;
  }

  @Override
  void take(Limit limit, long nowMillis, long used, long cost) {
    count = used + cost;
  }

  @Override
  long idleFromMillis(Limit limit) {
    return Windows.endMillis(lastMillis, limit.periodMillis());
  }

  @Override
  LimitState state(Limit limit) {
    return new FixedWindowState(count, lastMillis);
  }
}
