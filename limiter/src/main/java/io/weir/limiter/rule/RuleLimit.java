package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One limit of a rule. Immutable. Made by the static methods here, which give a {@link
 * RuleLimitBuilder}, and checked when it becomes part of {@link DomainRules}.
 */
public sealed interface RuleLimit permits RuleLimit.Limited, RuleLimit.Unlimited {

  /** The limit's own name; rules without one go by the path of their descriptor. */
  Optional<String> name();

  /** Names of limits that do not apply where this one does. */
  List<String> replaces();

  /**
   * A limit that is judged.
   *
   * @param name the limit's own name, not empty
   * @param limit the algorithm and its numbers
   * @param unit the unit that the period is told in: the period is a whole number of them
   * @param replaces names of limits that do not apply where this one does
   * @param onError what a synchronous door answers when its backend fails; empty leaves that to the
   *     door
   */
  record Limited(
      Optional<String> name,
      Limit limit,
      RateUnit unit,
      List<String> replaces,
      Optional<OnError> onError)
      implements RuleLimit {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the period is not a whole number of units
     */
    public Limited {
      if (limit.periodMillis() % unit.millis() != 0) {
        throw new IllegalArgumentException(
            "the period of "
                + Spans.exact(Duration.ofMillis(limit.periodMillis()))
                + " is not a whole number of units of one "
                + unit.yamlName());
      }
      replaces = List.copyOf(replaces);
    }

    /** The length of the period in units, 1 or more. */
    public long unitMultiplier() {
      return limit.periodMillis() / unit.millis();
    }

    /** Whether the burst is a number of its own, and not just what one period grants. */
    public boolean hasOwnBurst() {
      return limit.burst() != limit.requests();
    }
  }

  /**
   * No limit: matching requests are not judged by this rule.
   *
   * @param name the limit's own name, not empty
   * @param replaces names of limits that do not apply where this one does
   */
  record Unlimited(Optional<String> name, List<String> replaces) implements RuleLimit {

    /** Copies the list. */
    public Unlimited {
      replaces = List.copyOf(replaces);
    }
  }

  /** So many requests in each unit of time, by a fixed window unless told otherwise. */
  static RuleLimitBuilder per(long requests, RateUnit unit) {
    return per(requests, unit.yamlName());
  }

  /** So many requests in each unit of time, which is named as in rules files. */
  static RuleLimitBuilder per(long requests, String unit) {
    return new RuleLimitBuilder().requests(requests).unit(unit);
  }

  /** So many requests each second. */
  static RuleLimitBuilder perSecond(long requests) {
    return per(requests, RateUnit.SECOND);
  }

  /** So many requests each minute. */
  static RuleLimitBuilder perMinute(long requests) {
    return per(requests, RateUnit.MINUTE);
  }

  /** So many requests each hour. */
  static RuleLimitBuilder perHour(long requests) {
    return per(requests, RateUnit.HOUR);
  }

  /** So many requests each day. */
  static RuleLimitBuilder perDay(long requests) {
    return per(requests, RateUnit.DAY);
  }

  /** No limit. */
  static RuleLimitBuilder unlimited() {
    return new RuleLimitBuilder().markUnlimited();
  }
}
