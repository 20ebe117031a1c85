package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.Match.IdentifierLimits;
import io.weir.limiter.rule.RuleNode.NodeLimit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The nodes that a walk met and that carry a limit, in rule order. Used by one thread. */
final class Hits {
  private final List<Step> steps = new ArrayList<>(4);
  private int limits;

  void add(Step step) {
    if (step.node.limits.length > 0) {
      steps.add(step);
      limits += step.node.limits.length;
    }
  }

  /**
   * Names of the limits that others replace. As in envoyproxy/ratelimit, a limit replaces whatever
   * its own fate: one that is unlimited, a shadow, or replaced itself.
   */
  Set<String> replaced() {
    Set<String> names = Set.of();
    for (Step step : steps) {
      for (NodeLimit limit : step.node.limits) {
        if (!limit.replaces().isEmpty()) {
          names = names.isEmpty() ? new HashSet<>() : names;
          names.addAll(limit.replaces());
        }
      }
    }
    return names;
  }

  /**
   * What applies, whatever the values: as envoyproxy/ratelimit does with explicit descriptors.
   *
   * @param cost what the descriptor asks for
   */
  Match match(DomainRules rules, Set<String> replaced, long cost) {
    return match(rules, replaced, false, OptionalLong.of(cost));
  }

  /**
   * What applies where nobody may be limited by an empty value: that would make one budget of all
   * who leave it empty. A shadow limit, which must do no harm, does not apply then.
   *
   * @throws IdentifierException if another limit would apply to an empty value
   */
  Match matchIdentified(DomainRules rules, Set<String> replaced) {
    return match(rules, replaced, true, OptionalLong.empty());
  }

  /** Keys are written here, once, and only for what is left. */
  private Match match(
      DomainRules rules, Set<String> replaced, boolean identified, OptionalLong cost) {
    Applicable applicable = new Applicable(steps.size(), limits);
    boolean matched = false;
    for (Step step : steps) {
      Step top = step.top();
      boolean nobody = identified && top.isNobody();
      if (nobody && step.node.mode == LimitMode.SHADOW) {
        continue;
      }
      matched = true;
      for (NodeLimit limit : step.node.limits) {
        Limit judged = limit.limit();
        if (judged == null || replaced.contains(limit.name())) {
          continue;
        }
        if (nobody) {
          throw new IdentifierException(
              "attribute "
                  + top.node.key
                  + " is empty, but rules of domain "
                  + rules.domain()
                  + " limit by it; send a value, or leave the attribute out");
        }
        applicable.add(top, step, limit, judged, cost);
      }
    }
    return new Match(applicable.identifiers(), matched, rules.revision());
  }

  /** Gathers the limits by identifier. */
  private static final class Applicable {
    private static final KeyText NOBODY = KeyText.of("");

    private final IdentifierLimits[] identifiers;
    private final ApplicableLimit[] limits;
    private int identifierCount;
    private int firstLimit;
    private int limitCount;
    private @Nullable Step top;
    private KeyText identifier = NOBODY;

    Applicable(int maxIdentifiers, int maxLimits) {
      this.identifiers = new IdentifierLimits[maxIdentifiers];
      this.limits = new ApplicableLimit[maxLimits];
    }

    void add(Step newTop, Step step, NodeLimit limit, Limit judged, OptionalLong cost) {
      if (newTop != top) {
        endIdentifier();
        top = newTop;
        identifier = newTop.entry();
      }
      limits[limitCount++] =
          new ApplicableLimit(
              step.path(identifier).plus(limit.stateSuffix()),
              limit.rule(),
              judged,
              step.node.mode,
              limit.onError(),
              cost);
    }

    List<IdentifierLimits> identifiers() {
      endIdentifier();
      return List.of(trim(identifiers, 0, identifierCount));
    }

    private void endIdentifier() {
      if (limitCount > firstLimit) {
        identifiers[identifierCount++] =
            new IdentifierLimits(identifier, List.of(trim(limits, firstLimit, limitCount)));
        firstLimit = limitCount;
      }
    }

    private static <T> T[] trim(T[] array, int from, int to) {
      return to - from == array.length ? array : Arrays.copyOfRange(array, from, to);
    }
  }
}
