package io.weir.streams.compare;

/** How many there were in the last period, exactly. Not thread-safe. */
final class ExactCount {
  private final long periodMillis;
  private long[] times = new long[16];
  private int first;
  private int count;

  ExactCount(long periodMillis) {
    this.periodMillis = periodMillis;
  }

  /** Those within the period that ends at a time, which is never before an earlier one. */
  int at(long nowMillis) {
    while (count > 0 && times[first] <= nowMillis - periodMillis) {
      first = (first + 1) % times.length;
      count--;
    }
    return count;
  }

  /** One more, at the time that was asked about last. */
  void add(long nowMillis) {
    if (count == times.length) { // A ring, from its first on.
      long[] more = new long[2 * count];
      System.arraycopy(times, first, more, 0, count - first);
      System.arraycopy(times, 0, more, count - first, first);
      times = more;
      first = 0;
    }
    times[(first + count) % times.length] = nowMillis;
    count++;
  }
}
