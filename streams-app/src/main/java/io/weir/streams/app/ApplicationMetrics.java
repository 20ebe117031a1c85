package io.weir.streams.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weir.streams.topology.RulesView;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.KafkaStreams;

/** Keeps metrics of the JVM and of Kafka Streams up to date in a registry that others share. */
public final class ApplicationMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Adds those of the JVM. */
  public ApplicationMetrics(PrometheusMeterRegistry registry) {
    this.registry = registry;
    JvmGcMetrics gc = new JvmGcMetrics();
    gc.bindTo(registry);
    open.push(gc);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Adds that of the rules: {@code weir.rules.stale}. */
  void add(RulesView rules) {
    Gauge.builder("weir.rules.stale", rules, view -> view.whyStale().isPresent() ? 1 : 0)
        .description("1 while the newest rules are not in force")
        .register(registry);
  }

  /** Adds those of a client. */
  void add(KafkaStreams streams) {
    KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams);
    metrics.bindTo(registry);
    open.push(metrics);
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a source of metrics cannot be closed", e);
      }
    }
  }
}
