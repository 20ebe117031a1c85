package io.weir.streams.compare;

import java.util.Arrays;

/** Times that were waited, in milliseconds. Grows; not thread-safe. */
final class Waits {
  private long[] millis = new long[64];
  private int count;

  void add(long waitMillis) {
    if (count == millis.length) {
      millis = Arrays.copyOf(millis, 2 * count);
    }
    millis[count++] = waitMillis;
  }

  WaitSummary summary() {
    if (count == 0) {
      return new WaitSummary(0, 0, 0, 0);
    }
    long[] sorted = Arrays.copyOf(millis, count);
    Arrays.sort(sorted);
    return new WaitSummary(count, at(sorted, 0.5), at(sorted, 0.95), sorted[count - 1]);
  }

  /** The smallest that so many are not above (nearest rank). */
  private static long at(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
