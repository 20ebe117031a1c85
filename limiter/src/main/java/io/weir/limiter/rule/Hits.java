package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.Match.IdentifierLimits;
import io.weir.limiter.rule.RuleNode.NodeLimit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The nodes that a walk met and that carry a limit, in rule order. Used by one thread. */
final class Hits {
  private final List<Step> steps = new ArrayList<>(4);

  void add(Step step) {
    if (step.node().limits.length > 0) {
      steps.add(step);
    }
  }

  /**
   * Names of the limits that others replace. As in envoyproxy/ratelimit, a limit replaces whatever
   * its own fate: one that is unlimited, a shadow, or replaced itself.
   */
  Set<String> replaced() {
    Set<String> names = Set.of();
    for (Step step : steps) {
      for (NodeLimit limit : step.node().limits) {
        if (!limit.replaces().isEmpty()) {
          names = names.isEmpty() ? new HashSet<>() : names;
          names.addAll(limit.replaces());
        }
      }
    }
    return names;
  }

  /** What applies, whatever the values: as envoyproxy/ratelimit does with explicit descriptors. */
  Match match(String encodedDomain, DomainRules rules, Set<String> replaced) {
    return match(encodedDomain, rules, replaced, false);
  }

  /**
   * What applies where nobody may be limited by an empty value: that would make one budget of all
   * who leave it empty. A shadow limit, which must do no harm, does not apply then.
   *
   * @throws IdentifierException if another limit would apply to an empty value
   */
  Match matchIdentified(String encodedDomain, DomainRules rules, Set<String> replaced) {
    return match(encodedDomain, rules, replaced, true);
  }

  /** Strings are built here, once, and only for what is left. */
  private Match match(
      String encodedDomain, DomainRules rules, Set<String> replaced, boolean identified) {
    List<IdentifierLimits> identifiers = new ArrayList<>(1);
    List<ApplicableLimit> limits = new ArrayList<>(steps.size());
    boolean matched = false;
    @Nullable Step top = null;
    String identifier = "";
    for (Step step : steps) {
      Step stepTop = step.top();
      boolean nobody = identified && isNobody(stepTop);
      if (nobody && step.node().mode == LimitMode.SHADOW) {
        continue;
      }
      matched = true;
      for (NodeLimit limit : step.node().limits) {
        Limit judged = limit.limit();
        if (judged == null || replaced.contains(limit.name())) {
          continue;
        }
        if (nobody) {
          throw new IdentifierException(
              "attribute "
                  + stepTop.node().key
                  + " is empty, but rules of domain "
                  + rules.domain()
                  + " limit by it; send a value, or leave the attribute out");
        }
        if (!stepTop.equals(top)) {
          flush(identifiers, identifier, limits);
          top = stepTop;
          identifier = identifier(encodedDomain, stepTop);
        }
        limits.add(
            new ApplicableLimit(
                stateKey(identifier, step, limit), limit.rule(), judged, step.node().mode));
      }
    }
    flush(identifiers, identifier, limits);
    return new Match(identifiers, matched, rules.revision());
  }

  private static boolean isNobody(Step top) {
    return top.value().isEmpty() && top.node().sharedValue == null;
  }

  private static void flush(
      List<IdentifierLimits> identifiers, String identifier, List<ApplicableLimit> limits) {
    if (!limits.isEmpty()) {
      identifiers.add(new IdentifierLimits(identifier, limits));
      limits.clear();
    }
  }

  private static String identifier(String encodedDomain, Step top) {
    return encodedDomain + '/' + top.node().encodedKey + top.encodedValue();
  }

  private static String stateKey(String identifier, Step step, NodeLimit limit) {
    return identifier + '|' + step.furtherEntries() + limit.stateSuffix();
  }
}
