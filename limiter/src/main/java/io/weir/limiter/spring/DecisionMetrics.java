package io.weir.limiter.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.limiter.Decision;
import io.weir.limiter.rule.Descriptor;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RuleSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Counts decisions as {@code weir.decisions}, by domain, binding rule, verdict, reason and whether
 * they are degraded. All of these are few: nothing that a request brings is a label. A domain that
 * the rules do not have is {@code other}, and a rule that they do not have, such as a limit that a
 * request brings itself, is {@code override}.
 */
final class DecisionMetrics implements DecisionListener {
  /**
   * The names of rules by domain.
   *
   * @param of the rules
   */
  private record Names(RuleSet of, Map<String, Set<String>> byDomain) {
    static Names of(RuleSet rules) {
      Map<String, Set<String>> byDomain = new HashMap<>();
      for (DomainRules domain : rules.domains()) {
        Set<String> names = new HashSet<>();
        collect(domain.descriptors(), domain.domain(), names);
        byDomain.put(domain.domain(), names);
      }
      return new Names(rules, byDomain);
    }
  }

  private final MeterRegistry registry;
  private final Supplier<RuleSet> rules;
  private volatile Names known;

  DecisionMetrics(MeterRegistry registry, Supplier<RuleSet> rules) {
    this.registry = registry;
    this.rules = rules;
    this.known = Names.of(rules.get());
  }

  private Map<String, Set<String>> names() {
    RuleSet now = rules.get();
    Names names = known;
    if (names.of() != now) {
      names = Names.of(now);
      known = names;
    }
    return names.byDomain();
  }

  private static void collect(List<Descriptor> descriptors, String path, Set<String> names) {
    for (Descriptor descriptor : descriptors) {
      String ownPath = path + "." + descriptor.compositeKey();
      descriptor.limits().forEach(limit -> names.add(limit.name().orElse(ownPath)));
      collect(descriptor.children(), ownPath, names);
    }
  }

  private static String rule(Set<String> known, Decision decision) {
    if (decision.statuses().isEmpty()) {
      return "none";
    }
    String rule = decision.statuses().get(0).rule();
    return known.contains(rule) ? rule : "override";
  }

  @Override
  public void onDecision(String domain, Decision decision) {
    Map<String, Set<String>> names = names();
    registry
        .counter(
            "weir.decisions",
            "domain",
            names.containsKey(domain) ? domain : "other",
            "rule",
            rule(names.getOrDefault(domain, Set.of()), decision),
            "verdict",
            decision.verdict().name().toLowerCase(Locale.ROOT),
            "reason",
            decision.reason().name().toLowerCase(Locale.ROOT),
            "degraded",
            String.valueOf(decision.degraded()))
        .increment();
  }
}
