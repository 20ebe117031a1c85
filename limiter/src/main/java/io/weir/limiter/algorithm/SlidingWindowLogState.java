package io.weir.limiter.algorithm;

import java.util.Arrays;
import java.util.Objects;

/**
 * State of a sliding window log: what was taken when. Immutable; entries of the same millisecond
 * are one entry.
 *
 * <p>The time of the last admission is that of the newest entry, unless that entry was given back:
 * then it stays, because entries too old for it may be gone already, and a late request that was
 * judged at an earlier time would not be held up by them.
 */
public final class SlidingWindowLogState implements LimitState {
  private static final SlidingWindowLogState EMPTY =
      new SlidingWindowLogState(new long[0], new long[0], 0);

  private final long[] timesMillis;
  private final long[] costs;
  private final long lastMillis;

  private SlidingWindowLogState(long[] timesMillis, long[] costs, long lastMillis) {
    this.timesMillis = timesMillis;
    this.costs = costs;
    this.lastMillis = lastMillis;
  }

  /** The log without entries. */
  public static SlidingWindowLogState empty() {
    return EMPTY;
  }

  /**
   * A log of the given entries.
   *
   * @param timesMillis times in milliseconds since the epoch, strictly ascending; copied
   * @param costs tokens taken at each of them, 1 or more; copied
   * @throws IllegalArgumentException if the arrays differ in length, the times do not ascend or are
   *     out of range, a cost is below 1 or the sum of the costs is no {@code long}
   */
  public static SlidingWindowLogState of(long[] timesMillis, long[] costs) {
    if (timesMillis.length != costs.length) {
      throw new IllegalArgumentException(
          timesMillis.length + " times but " + costs.length + " costs");
    }
    long sum = 0;
    for (int i = 0; i < costs.length; i++) {
      Exact.requireTime("time of entry " + i, timesMillis[i]);
      if (i > 0 && timesMillis[i] <= timesMillis[i - 1]) {
        throw new IllegalArgumentException("entry " + i + " is not after the one before it");
      }
      if (costs[i] < 1 || costs[i] > Long.MAX_VALUE - sum) {
        throw new IllegalArgumentException(
            "entry "
                + i
                + " has the cost "
                + costs[i]
                + "; it must be 1 or more, and the sum a long");
      }
      sum += costs[i];
    }
    long newestMillis = timesMillis.length == 0 ? 0 : timesMillis[timesMillis.length - 1];
    return new SlidingWindowLogState(timesMillis.clone(), costs.clone(), newestMillis);
  }

  /**
   * This log after an admission that was given back since.
   *
   * @param newLastMillis its time in milliseconds since the epoch, not before the newest entry
   * @throws IllegalArgumentException if it is before the newest entry, or out of range
   */
  public SlidingWindowLogState withLastMillis(long newLastMillis) {
    Exact.requireTime("lastMillis", newLastMillis);
    if (newLastMillis < newestMillis()) {
      throw new IllegalArgumentException(
          "lastMillis is " + newLastMillis + ", before the newest entry at " + newestMillis());
    }
    return new SlidingWindowLogState(timesMillis, costs, newLastMillis);
  }

  /** Time of the newest entry, in milliseconds since the epoch; 0 where there is none. */
  public long newestMillis() {
    return size() == 0 ? 0 : timesMillis[size() - 1];
  }

  /** The number of entries. */
  public int size() {
    return timesMillis.length;
  }

  /** Time of entry {@code index}, oldest first, in milliseconds since the epoch. */
  public long timeMillis(int index) {
    return timesMillis[index];
  }

  /** Tokens taken by entry {@code index}. */
  public long cost(int index) {
    return costs[index];
  }

  /** Index of the first entry after a time, {@link #size()} if there is none. */
  int firstAfter(long timeMillis) {
    int index = Arrays.binarySearch(timesMillis, timeMillis);
    return index >= 0 ? index + 1 : -index - 1;
  }

  /** Tokens taken by the entries from an index on. */
  long sumFrom(int first) {
    long sum = 0;
    for (int i = first; i < costs.length; i++) {
      sum += costs[i];
    }
    return sum;
  }

  /** The entries from an index on. */
  SlidingWindowLogState from(int first) {
    return new SlidingWindowLogState(
        Arrays.copyOfRange(timesMillis, first, size()),
        Arrays.copyOfRange(costs, first, size()),
        lastMillis);
  }

  /**
   * The entries from an index on, and one more.
   *
   * @param timeMillis its time, not before the last admission; where it is the newest entry's the
   *     two become one
   */
  SlidingWindowLogState append(int first, long timeMillis, long cost) {
    boolean merge = first < size() && newestMillis() == timeMillis;
    int kept = size() - first;
    int length = merge ? kept : kept + 1;
    long[] times = new long[length];
    long[] newCosts = new long[length];
    System.arraycopy(timesMillis, first, times, 0, kept);
    System.arraycopy(costs, first, newCosts, 0, kept);
    times[length - 1] = timeMillis;
    newCosts[length - 1] += cost;
    return new SlidingWindowLogState(times, newCosts, timeMillis);
  }

  /** The log less so much of the entry of a time, if there is one; last admitted when it was. */
  SlidingWindowLogState without(long timeMillis, long cost) {
    int index = Arrays.binarySearch(timesMillis, timeMillis);
    if (index < 0) {
      return this;
    }
    if (cost < costs[index]) {
      long[] newCosts = costs.clone();
      newCosts[index] -= cost;
      return new SlidingWindowLogState(timesMillis, newCosts, lastMillis);
    }
    return new SlidingWindowLogState(less(timesMillis, index), less(costs, index), lastMillis);
  }

  private static long[] less(long[] numbers, int index) {
    long[] fewer = Arrays.copyOf(numbers, numbers.length - 1);
    System.arraycopy(numbers, index + 1, fewer, index, fewer.length - index);
    return fewer;
  }

  @Override
  public long lastMillis() {
    return lastMillis;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SlidingWindowLogState that
        && Arrays.equals(timesMillis, that.timesMillis)
        && Arrays.equals(costs, that.costs)
        && lastMillis == that.lastMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(timesMillis), Arrays.hashCode(costs), lastMillis);
  }

  @Override
  public String toString() {
    return "SlidingWindowLogState[entries=" + size() + ", lastMillis=" + lastMillis + "]";
  }
}
