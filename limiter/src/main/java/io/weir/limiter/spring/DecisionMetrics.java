package io.weir.limiter.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.limiter.Decision;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.RuleSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Counts decisions as {@code weir.decisions}, by domain, binding rule, verdict, reason and whether
 * they are degraded. All of these are few: nothing that a request brings is a label. A domain that
 * the rules do not have is {@code other}, and a rule that they do not have, such as a limit that a
 * request brings itself, is {@code override}.
 */
final class DecisionMetrics implements DecisionListener {
  private final MeterRegistry registry;

  /** The names of the rules by domain. */
  private final Map<String, Set<String>> rules = new HashMap<>();

  DecisionMetrics(MeterRegistry registry, RuleSet rules) {
    this.registry = registry;
    rules
        .domains()
        .forEach(
            domain -> {
              Set<String> names = new HashSet<>();
              collect(domain.descriptors(), domain.domain(), names);
              this.rules.put(domain.domain(), names);
            });
  }

  private static void collect(List<Descriptor> descriptors, String path, Set<String> names) {
    for (Descriptor descriptor : descriptors) {
      String ownPath = path + "." + descriptor.compositeKey();
      descriptor.limits().forEach(limit -> names.add(limit.name().orElse(ownPath)));
      collect(descriptor.children(), ownPath, names);
    }
  }

  private String rule(String domain, Decision decision) {
    if (decision.statuses().isEmpty()) {
      return "none";
    }
    String rule = decision.statuses().get(0).rule();
    return rules.getOrDefault(domain, Set.of()).contains(rule) ? rule : "override";
  }

  @Override
  public void onDecision(String domain, Decision decision) {
    registry
        .counter(
            "weir.decisions",
            "domain",
            rules.containsKey(domain) ? domain : "other",
            "rule",
            rule(domain, decision),
            "verdict",
            decision.verdict().name().toLowerCase(Locale.ROOT),
            "reason",
            decision.reason().name().toLowerCase(Locale.ROOT),
            "degraded",
            String.valueOf(decision.degraded()))
        .increment();
  }
}
