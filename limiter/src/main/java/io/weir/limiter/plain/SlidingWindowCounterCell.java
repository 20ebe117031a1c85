package io.weir.limiter.plain;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import io.weir.limiter.algorithm.Windows;

/**
 * Sliding window counter: the counts of the window that holds the last admission, and of the one
 * before.
 */
final class SlidingWindowCounterCell extends Cell {
  private long current;
  private long previous;

  SlidingWindowCounterCell(Object key, int hash) {
    super(key, hash);
  }

  /** The estimate times the period. */
  @Override
  long used(Limit limit, long nowMillis) {
    long period = limit.periodMillis();
    long start = Windows.startMillis(nowMillis, period);
    return Windows.weighed(
        start,
        period,
        Windows.current(start, current, lastMillis),
        Windows.previous(start, period, current, previous, lastMillis),
        nowMillis);
  }

  @Override
  boolean fits(Limit limit, long used, long cost) {
    return used <= (limit.requests() - cost) * limit.periodMillis();
  }

  @Override
  void take(Limit limit, long nowMillis, long used, long cost) {
    long start = Windows.startMillis(nowMillis, limit.periodMillis());
    previous = Windows.previous(start, limit.periodMillis(), current, previous, lastMillis);
    current = Windows.current(start, current, lastMillis) + cost;
  }

  @Override
  long idleFromMillis(Limit limit) {
    return Windows.endMillis(lastMillis, limit.periodMillis()) + limit.periodMillis();
  }

  @Override
  LimitState state(Limit limit) {
    return new SlidingWindowCounterState(current, previous, lastMillis);
  }
}
