package io.weir.limiter.rule;

import java.util.List;

/**
 * Which limits apply to one request, under one revision of its domain's rules.
 *
 * @param identifiers the limits to judge by, one element for each identifier, in rule order; empty
 *     where none applies
 * @param matched whether any node that carries a limit was met, an unlimited one included: tells
 *     "unlimited" from "no rule". Where identifiers were asked for: whether there is any
 * @param revision the revision of the rules; 0 where the domain has none
 */
public record Match(List<IdentifierLimits> identifiers, boolean matched, long revision) {

  /** Copies the list. */
  public Match {
    identifiers = List.copyOf(identifiers);
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
