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
    Arrays.sort(millis, 0, count); // In place: what is sorted already costs little next time.
    return new WaitSummary(count, at(0.5), at(0.95), at(1));
  }

  /** The smallest that so many are not above (nearest rank). */
  private long at(double share) {
    return millis[(int) Math.ceil(share * count) - 1];
  }
}
