package io.weir.limiter;

import io.weir.limiter.rule.ApplicableLimit;
import java.util.List;

/**
 * One request as the {@link Judge} sees it: the limits that apply are known, and so is the time.
 *
 * @param identifier who is limited; of several, the first in rule order
 * @param limits the limits to judge by in rule order, at least one, of distinct state keys
 * @param cost tokens the request takes; 0 peeks
 * @param timestampMillis the request's own time, in milliseconds since the epoch, 0 or more
 * @param floorMillis the earliest time that may be judged at: stream time less the allowed lateness
 * @param rulesRevision the revision of the rules that the limits are from
 */
public record Check(
    String identifier,
    List<ApplicableLimit> limits,
    long cost,
    long timestampMillis,
    long floorMillis,
    long rulesRevision) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no limit, or a number is below 0
   */
  public Check {
    if (limits.isEmpty()) {
      throw new IllegalArgumentException("a check needs at least one limit");
    }
    if (cost < 0 || timestampMillis < 0) {
      throw new IllegalArgumentException(
          "cost is " + cost + " and the time " + timestampMillis + "; neither may be below 0");
    }
    limits = List.copyOf(limits);
  }
}
