package io.weir.streams.app;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Counts failures over a sliding window. Thread-safe. */
final class FailureBudget {
  private final int most;
  private final Duration window;
  private final Deque<Instant> failures = new ArrayDeque<>();

  /**
   * A budget that nothing is spent of.
   *
   * @param most failures that are borne inside the window, 0 or more
   * @param window how long a failure counts
   */
  FailureBudget(int most, Duration window) {
    if (most < 0) {
      throw new IllegalArgumentException("most is " + most + "; it must be 0 or more");
    }
    this.most = most;
    this.window = window;
  }

  /**
   * Counts one failure.
   *
   * @return whether it is still within the budget
   */
  synchronized boolean spend(Instant now) {
    while (!failures.isEmpty() && !failures.getFirst().plus(window).isAfter(now)) {
      failures.removeFirst();
    }
    if (failures.size() >= most) {
      return false;
    }
    failures.addLast(now);
    return true;
  }

  /** The failures that count at the moment of the last one. */
  synchronized int spent() {
    return failures.size();
  }

  /** The budget in words: {@code 5 within 10 min}. */
  @Override
  public String toString() {
    return most + " within " + Durations.text(window);
  }
}
