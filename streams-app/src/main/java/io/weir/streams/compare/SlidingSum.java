package io.weir.streams.compare;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The most that came in any window of a length, wherever it starts; a window has its start and not
 * its end. Not thread-safe.
 */
final class SlidingSum {
  private final long lengthMillis;
  private final Deque<long[]> inside = new ArrayDeque<>();
  private long sum;
  private long most;

  SlidingSum(long lengthMillis) {
    this.lengthMillis = lengthMillis;
  }

  /** What came at a time, which is never before one that was told earlier. */
  void add(long timeMillis, long cost) {
    while (!inside.isEmpty() && inside.getFirst()[0] <= timeMillis - lengthMillis) {
      sum -= inside.removeFirst()[1];
    }
    inside.addLast(new long[] {timeMillis, cost});
    sum += cost;
    most = Math.max(most, sum);
  }

  long most() {
    return most;
  }

  /** Another one that goes on from here. */
  SlidingSum copy() {
    SlidingSum copy = new SlidingSum(lengthMillis);
    copy.inside.addAll(inside);
    copy.sum = sum;
    copy.most = most;
    return copy;
  }
}
