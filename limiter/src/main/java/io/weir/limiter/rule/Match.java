package io.weir.limiter.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which limits apply to one request, under one revision of its domain's rules.
 *
 * @param identifiers the limits to judge by, one element for each identifier, in rule order; empty
 *     where none applies
 * @param matched whether any node that carries a limit was met, an unlimited one included: tells
 *     "unlimited" from "no rule". Where identifiers were asked for: whether there is any
 * @param revision the revision of the rules; 0 where the domain has none
 * @param maxDelayMillis the longest delay that who asks would wait for a turn, in milliseconds: a
 *     limit that would give a later one refuses, and takes nothing
 */
public record Match(
    List<IdentifierLimits> identifiers, boolean matched, long revision, long maxDelayMillis) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the longest delay is below 0
   */
  public Match {
    if (maxDelayMillis < 0) {
      throw new IllegalArgumentException(
          "maxDelayMillis is " + maxDelayMillis + "; it must be 0 or more");
    }
    identifiers = List.copyOf(identifiers);
  }

  /** A match for who would wait for any turn. */
  public Match(List<IdentifierLimits> identifiers, boolean matched, long revision) {
    this(identifiers, matched, revision, Long.MAX_VALUE);
  }

  /**
   * This match for who would wait so long at most.
   *
   * @throws IllegalArgumentException if it is below 0
   */
  public Match withMaxDelay(long newMaxDelayMillis) {
    return newMaxDelayMillis == maxDelayMillis
        ? this
        : new Match(identifiers, matched, revision, newMaxDelayMillis);
  }

  /** This match with other limits in place of its own. */
  public Match withIdentifiers(List<IdentifierLimits> newIdentifiers) {
    return new Match(newIdentifiers, matched, revision, maxDelayMillis);
  }

  /**
   * What applies to a request with several descriptors: all that applies to one of them. Where some
   * have the same state, it is asked once, for what all of them cost.
   *
   * @param matches those of the descriptors, under one revision of the rules, at least one; each
   *     limit with its own cost
   * @throws IdentifierException if two would judge the same state by different limits
   */
  public static Match joined(List<Match> matches) {
    Map<KeyText, Map<KeyText, ApplicableLimit>> limits = new LinkedHashMap<>();
    boolean matched = false;
    for (Match match : matches) {
      matched |= match.matched();
      for (IdentifierLimits each : match.identifiers()) {
        Map<KeyText, ApplicableLimit> ofIdentifier =
            limits.computeIfAbsent(each.identifierText(), identifier -> new LinkedHashMap<>());
        each.limits().forEach(limit -> ofIdentifier.merge(limit.key(), limit, Match::together));
      }
    }
    List<IdentifierLimits> identifiers = new ArrayList<>();
    limits.forEach(
        (identifier, each) ->
            identifiers.add(new IdentifierLimits(identifier, List.copyOf(each.values()))));
    return new Match(identifiers, matched, matches.get(0).revision());
  }

  private static ApplicableLimit together(ApplicableLimit one, ApplicableLimit other) {
    if (!one.limit().equals(other.limit()) || one.mode() != other.mode()) {
      throw new IdentifierException(
          "two descriptors are the same and bring different limits; send one of them");
    }
    long cost = one.cost().orElseThrow() + other.cost().orElseThrow();
    return new ApplicableLimit(
        one.key(),
        one.rule(),
        one.limit(),
        one.mode(),
        one.onError(),
        // No limit is as large as what does not fit a long.
        OptionalLong.of(cost < 0 ? Long.MAX_VALUE : cost));
  }

  /**
   * The limits under one identifier, in rule order.
   *
   * @param identifierText domain and first descriptor entry, percent-encoded: {@code
   *     api/user_id=42}
   * @param limits the limits; at least one, except where identifiers were asked for: {@link
   *     RuleSet#matchIdentifiers}
   */
  public record IdentifierLimits(KeyText identifierText, List<ApplicableLimit> limits) {

    /** Copies the list. */
    public IdentifierLimits {
      limits = List.copyOf(limits);
    }

    /** The identifier, as a string that is made anew. */
    public String identifier() {
      return identifierText.toString();
    }
  }
}
