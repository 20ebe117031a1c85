package io.weir.limiter;

import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.Match.IdentifierLimits;
import java.util.List;

/**
 * One request as the {@link Judge} sees it: the limits that apply are known, and so is the time.
 *
 * @param identifierText who is limited; of several, the first in rule order
 * @param limits the limits to judge by in rule order, at least one, of distinct state keys
 * @param cost tokens the request takes of each limit that does not say its own; 0 peeks
 * @param timestampMillis the request's own time, in milliseconds since the epoch, 0 or more
 * @param floorMillis the earliest time that may be judged at: stream time less the allowed lateness
 * @param rulesRevision the revision of the rules that the limits are from
 * @param maxDelayMillis the longest delay that who asks would wait for a turn, in milliseconds
 */
public record Check(
    KeyText identifierText,
    List<ApplicableLimit> limits,
    long cost,
    long timestampMillis,
    long floorMillis,
    long rulesRevision,
    long maxDelayMillis) {

  /**
   * A check of a request that would wait for any turn.
   *
   * @throws IllegalArgumentException if there is no limit, or a number is below 0
   */
  public Check(
      KeyText identifierText,
      List<ApplicableLimit> limits,
      long cost,
      long timestampMillis,
      long floorMillis,
      long rulesRevision) {
    this(identifierText, limits, cost, timestampMillis, floorMillis, rulesRevision, Long.MAX_VALUE);
  }

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

  /**
   * The check of one request by all limits that apply to it.
   *
   * @param match the limits, at least one identifier
   * @param cost tokens the request takes of each limit that does not say its own; 0 peeks
   * @param timestampMillis the request's own time, in milliseconds since the epoch, 0 or more
   * @param floorMillis the earliest time that may be judged at
   * @throws IllegalArgumentException if no limit applies, or a number is below 0
   */
  public static Check of(Match match, long cost, long timestampMillis, long floorMillis) {
    List<IdentifierLimits> identifiers = match.identifiers();
    if (identifiers.isEmpty()) {
      throw new IllegalArgumentException("no limit applies; there is nothing to judge");
    }
    IdentifierLimits first = identifiers.get(0);
    List<ApplicableLimit> limits =
        identifiers.size() == 1
            ? first.limits()
            : identifiers.stream().flatMap(each -> each.limits().stream()).toList();
    return new Check(
        first.identifierText(),
        limits,
        cost,
        timestampMillis,
        floorMillis,
        match.revision(),
        match.maxDelayMillis());
  }
}
