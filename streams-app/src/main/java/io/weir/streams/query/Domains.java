package io.weir.streams.query;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.util.List;

/** Says that a domain has no rules, and which ones have: it may be misspelt. */
public final class Domains {
  private static final int MOST_NAMED = 10;

  private Domains() {}

  /**
   * The sentence.
   *
   * @param inForce the rules of the domains that have some
   */
  public static String none(RuleSet inForce, String domain) {
    List<String> known = inForce.domains().stream().map(DomainRules::domain).toList();
    String none = "there are no rules of the domain " + domain;
    if (known.isEmpty()) {
      return none + ", nor of any other; ./weir rules apply puts some in force";
    }
    String more =
        known.size() > MOST_NAMED ? " and " + (known.size() - MOST_NAMED) + " others" : "";
    return none
        + "; there are those of "
        + String.join(", ", known.subList(0, Math.min(MOST_NAMED, known.size())))
        + more;
  }
}
