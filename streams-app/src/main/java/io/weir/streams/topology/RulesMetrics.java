package io.weir.streams.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts editions of rules: {@code weir.rules.loaded} and {@code weir.rules.rejected}. Thread-safe.
 */
public final class RulesMetrics {
  private final Counter loaded;
  private final Counter rejected;

  /** Counters in a registry, there at once. */
  public RulesMetrics(MeterRegistry registry) {
    this.loaded =
        Counter.builder("weir.rules.loaded")
            .description("Records of the rules topic, or editions of files, that were put in force")
            .register(registry);
    this.rejected =
        Counter.builder("weir.rules.rejected")
            .description("Records of the rules topic, or editions of files, that were skipped")
            .register(registry);
  }

  /** Counts one edition that is now in force, or one tombstone. */
  public void loaded() {
    loaded.increment();
  }

  /** Counts one edition that was skipped. */
  public void rejected() {
    rejected.increment();
  }
}
