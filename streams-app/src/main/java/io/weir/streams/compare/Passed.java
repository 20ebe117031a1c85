package io.weir.streams.compare;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * What one limit let through, by when it went on: requests may be told a turn that is after that of
 * requests which come later, where another limit of theirs says so. Not thread-safe.
 */
final class Passed {
  private final long grant;
  private final SlidingSum sum;
  private final PriorityQueue<Turn> ahead = newQueue();

  /**
   * Nothing yet.
   *
   * @param grant tokens that the limit grants each period
   */
  Passed(long grant, long periodMillis) {
    this.grant = grant;
    this.sum = new SlidingSum(periodMillis);
  }

  private record Turn(long atMillis, long tokens) {}

  private static PriorityQueue<Turn> newQueue() {
    return new PriorityQueue<>(Comparator.comparingLong(Turn::atMillis));
  }

  /**
   * One more.
   *
   * @param nowMillis when it was admitted, never before an earlier one
   * @param turnMillis when it goes on: then or later
   */
  void take(long nowMillis, long turnMillis, long tokens) {
    ahead.add(new Turn(turnMillis, tokens));
    // What is still to come goes on now at the earliest.
    while (!ahead.isEmpty() && ahead.element().atMillis() <= nowMillis) {
      addTo(sum, ahead.remove());
    }
  }

  /** The window with most of it, wherever it starts. */
  Result.Worst worst() {
    SlidingSum all = sum.copy();
    PriorityQueue<Turn> rest = newQueue();
    rest.addAll(ahead);
    while (!rest.isEmpty()) {
      addTo(all, rest.remove());
    }
    return new Result.Worst(all.most(), grant);
  }

  private static void addTo(SlidingSum sum, Turn turn) {
    sum.add(turn.atMillis(), turn.tokens());
  }
}
