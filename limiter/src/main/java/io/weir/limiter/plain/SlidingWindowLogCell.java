package io.weir.limiter.plain;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.SlidingWindowLogState;

/**
 * Sliding window log: what was taken when, in a ring that grows until it has room for all that
 * counts at a time.
 *
 * <p>Entries are forgotten by admissions alone: a request that comes late, after one that was
 * denied, may still be held up by what had run out for that one.
 */
final class SlidingWindowLogCell extends Cell {
  /** Most keys of a large table ask once; it doubles, so that it always is a power of two. */
  private static final int FIRST_ENTRIES = 1;

  /** Of entry i: its time at 2 i, what was taken at 2 i + 1. */
  private long[] ring = new long[2 * FIRST_ENTRIES];

  /** Index of the oldest entry. */
  private int oldest;

  private int size;

  /** What all entries took. */
  private long sum;

  SlidingWindowLogCell(Object key, int hash) {
    super(key, hash);
  }

  @Override
  long used(Limit limit, long nowMillis) {
    // Another thread may be writing: indices stay inside the array that they are used with.
    long[] entries = ring;
    long used = sum;
    for (int i = 0, count = size; i < count; i++) {
      int at = at(entries, oldest + i);
      if (entries[at] > nowMillis - limit.periodMillis()) {
        break;
      }
      used -= entries[at + 1];
    }
    return used;
  }

  @Override
  boolean fits(Limit limit, long used, long cost) {
    return used <= limit.requests() - cost;
  }

  @Override
  void take(Limit limit, long nowMillis, long used, long cost) {
    if (size > 0 && lastMillis == nowMillis) {
      ring[at(ring, oldest + size - 1) + 1] += cost;
      sum += cost;
      return;
    }
    forgetUntil(nowMillis - limit.periodMillis());
    if (size == ring.length / 2) {
      grow();
    }
    int at = at(ring, oldest + size);
    ring[at] = nowMillis;
    ring[at + 1] = cost;
    size++;
    sum += cost;
  }

  private void forgetUntil(long timeMillis) {
    int at = at(ring, oldest);
    while (size > 0 && ring[at] <= timeMillis) {
      sum -= ring[at + 1];
      size--;
      oldest++;
      at = at(ring, oldest);
    }
  }

  private void grow() {
    long[] larger = new long[2 * ring.length];
    copyTo(larger);
    ring = larger;
    oldest = 0;
  }

  private void copyTo(long[] entries) {
    for (int i = 0; i < size; i++) {
      System.arraycopy(ring, at(ring, oldest + i), entries, 2 * i, 2);
    }
  }

  private static int at(long[] ring, int index) {
    return 2 * index & ring.length - 1;
  }

  @Override
  long idleFromMillis(Limit limit) {
    return lastMillis + limit.periodMillis();
  }

  @Override
  LimitState state(Limit limit) {
    long[] times = new long[size];
    long[] costs = new long[size];
    for (int i = 0; i < size; i++) {
      int at = at(ring, oldest + i);
      times[i] = ring[at];
      costs[i] = ring[at + 1];
    }
    return SlidingWindowLogState.of(times, costs);
  }
}
