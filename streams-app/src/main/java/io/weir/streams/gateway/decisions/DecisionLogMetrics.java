package io.weir.streams.gateway.decisions;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Counts what becomes of the doors' decisions on their way to the decisions topic. Thread-safe.
 *
 * <ul>
 *   <li>{@code weir.gateway.decisions.written}: those that all replicas have
 *   <li>{@code weir.gateway.decisions.lost} by reason: {@code full}, {@code failed}, {@code closed}
 *   <li>{@code weir.gateway.decisions.waiting}: those that wait to be sent
 *   <li>{@code weir.gateway.decisions.stalled}: 1 while they do not reach the topic
 * </ul>
 */
final class DecisionLogMetrics {
  private final Counter written;
  private final Map<LossReason, Counter> lost = new EnumMap<>(LossReason.class);

  /**
   * Counters in a registry.
   *
   * @param waiting what waits; its size may be asked by any thread
   * @param watch tells whether they reach the topic
   */
  DecisionLogMetrics(MeterRegistry registry, Collection<?> waiting, WritingWatch watch) {
    this.written =
        Counter.builder("weir.gateway.decisions.written")
            .description("Decisions of the doors that the decisions topic has")
            .register(registry);
    for (LossReason reason : LossReason.values()) {
      lost.put(
          reason,
          Counter.builder("weir.gateway.decisions.lost")
              .description("Decisions of the doors that the decisions topic will not have")
              .tag("reason", reason.label())
              .register(registry));
    }
    Gauge.builder("weir.gateway.decisions.waiting", waiting, Collection::size)
        .description("Decisions of the doors that wait to be sent to the decisions topic")
        .register(registry);
    Gauge.builder("weir.gateway.decisions.stalled", watch, it -> it.trouble().isPresent() ? 1 : 0)
        .description("1 while decisions of the doors do not reach the decisions topic")
        .strongReference(true)
        .register(registry);
  }

  void written() {
    written.increment();
  }

  void lost(LossReason reason, long decisions) {
    counter(reason).increment((double) decisions);
  }

  /** How many were lost so far. */
  long lost(LossReason reason) {
    return (long) counter(reason).count();
  }

  private Counter counter(LossReason reason) {
    return Objects.requireNonNull(lost.get(reason));
  }
}
