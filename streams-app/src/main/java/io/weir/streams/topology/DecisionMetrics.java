package io.weir.streams.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.rule.LimitMode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts decisions. Thread-safe.
 *
 * <p>Labels come from rules and from this code, never from requests: a request's domain is a label
 * only where rules of it exist. Their number is capped all the same, because rules can be many;
 * what is beyond the cap is counted under {@code other}.
 *
 * <ul>
 *   <li>{@code weir.decisions} by domain, rule (the binding limit's), verdict, reason, and whether
 *       they are degraded
 *   <li>{@code weir.shadow.denials} by domain and rule
 * </ul>
 *
 * <p>Both appear with the first decision of their kind.
 */
public final class DecisionMetrics {
  private static final String NONE = "none";
  private static final RuleLabel NO_RULE = new RuleLabel(NONE, NONE);
  private static final RuleLabel OTHER = new RuleLabel("other", "other");

  private final MeterRegistry registry;
  private final int maxRules;
  private final Map<RuleLabel, RuleLabel> rules = new ConcurrentHashMap<>();
  private final Map<DecisionLabel, Counter> decisions = new ConcurrentHashMap<>();
  private final Map<RuleLabel, Counter> shadowDenials = new ConcurrentHashMap<>();

  /** Counters in a registry that tell so many rules apart. */
  public DecisionMetrics(MeterRegistry registry, int maxRules) {
    this.registry = registry;
    this.maxRules = maxRules;
  }

  /**
   * Counts one decision.
   *
   * @param domain the request's domain
   * @param ruled whether the domain has rules, so that its name may be a label
   */
  public void decided(String domain, boolean ruled, Decision decision) {
    List<LimitStatus> statuses = decision.statuses();
    RuleLabel rule = NO_RULE;
    if (!statuses.isEmpty() && decision.reason() != Reason.TIMEOUT) {
      rule = new RuleLabel(domain, statuses.get(0).rule());
    } else if (ruled) {
      rule = new RuleLabel(domain, NONE);
    }
    Counter known = decisions.get(label(rule, decision));
    (known == null ? decisionCounter(rule, decision) : known).increment();
    for (int i = 0; i < statuses.size(); i++) {
      LimitStatus status = statuses.get(i);
      if (status.mode() == LimitMode.SHADOW && status.verdict() == Verdict.DENY) {
        shadowDenials
            .computeIfAbsent(capped(new RuleLabel(domain, status.rule())), this::shadowCounter)
            .increment();
      }
    }
  }

  private static DecisionLabel label(RuleLabel rule, Decision decision) {
    return new DecisionLabel(rule, decision.verdict(), decision.reason(), decision.degraded());
  }

  /** The counter of the first decision of its kind, or of one that is beyond the cap. */
  private Counter decisionCounter(RuleLabel rule, Decision decision) {
    RuleLabel known = rule.equals(NO_RULE) ? rule : capped(rule);
    return decisions.computeIfAbsent(label(known, decision), this::decisionCounter);
  }

  private RuleLabel capped(RuleLabel label) {
    RuleLabel known = rules.get(label);
    if (known != null) {
      return known;
    }
    if (rules.size() >= maxRules) {
      return OTHER;
    }
    rules.put(label, label);
    return label;
  }

  private Counter decisionCounter(DecisionLabel label) {
    return counter(
        "weir.decisions",
        "Decisions by the rule that was binding",
        label
            .rule()
            .tags()
            .and(
                "verdict",
                label.verdict().name(),
                "reason",
                label.reason().name(),
                "degraded",
                Boolean.toString(label.degraded())));
  }

  private Counter shadowCounter(RuleLabel rule) {
    return counter(
        "weir.shadow.denials",
        "Requests that a rule in shadow mode would have denied",
        rule.tags());
  }

  private Counter counter(String name, String description, Tags tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  private record RuleLabel(String domain, String rule) {
    Tags tags() {
      return Tags.of("domain", domain, "rule", rule);
    }
  }

  private record DecisionLabel(RuleLabel rule, Verdict verdict, Reason reason, boolean degraded) {}
}
