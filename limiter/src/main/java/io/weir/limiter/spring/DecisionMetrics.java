package io.weir.limiter.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.limiter.Decision;
import java.util.Locale;

/**
 * Counts decisions as {@code weir.decisions}, by domain, binding rule, verdict, reason and whether
 * they are degraded. All of these are few: nothing that a request brings is a label.
 */
final class DecisionMetrics implements DecisionListener {
  private final MeterRegistry registry;

  DecisionMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void onDecision(String domain, Decision decision) {
    String rule = decision.statuses().isEmpty() ? "none" : decision.statuses().get(0).rule();
    registry
        .counter(
            "weir.decisions",
            "domain",
            domain,
            "rule",
            rule,
            "verdict",
            decision.verdict().name().toLowerCase(Locale.ROOT),
            "reason",
            decision.reason().name().toLowerCase(Locale.ROOT),
            "degraded",
            String.valueOf(decision.degraded()))
        .increment();
  }
}
