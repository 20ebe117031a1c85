package io.weir.streams.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.topology.DecidedRequest;
import io.weir.streams.topology.DecisionMetrics;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Counts what the gateway does. Thread-safe.
 *
 * <ul>
 *   <li>those of {@link DecisionMetrics}
 *   <li>{@code weir.checks}: the time that decisions took, Redis included
 *   <li>{@code weir.rules.stale}: 1 while the newest rules are not in force
 * </ul>
 */
public final class GatewayMetrics {
  private final DecisionMetrics decisions;
  private final Supplier<RuleSet> rules;
  private final Timer checks;

  /**
   * Counters in a registry.
   *
   * @param maxRules rules that are told apart
   * @param rules those in force
   */
  public GatewayMetrics(MeterRegistry registry, int maxRules, GatewayRules rules) {
    this.decisions = new DecisionMetrics(registry, maxRules);
    this.rules = rules::current;
    this.checks =
        Timer.builder("weir.checks")
            .description("Time from a request's coming to its decision, Redis included")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100))
            .register(registry);
    Gauge.builder("weir.rules.stale", rules, source -> source.trouble().isPresent() ? 1 : 0)
        .description("1 while the newest rules make no sense or cannot be read")
        .strongReference(true)
        .register(registry);
  }

  /**
   * Counts a decision.
   *
   * @param took how long it took
   */
  void decided(DecidedRequest decided, Duration took) {
    checks.record(took);
    decisions.decided(
        decided.domain(), rules.get().find(decided.domain()).isPresent(), decided.decision());
  }
}
