package io.weir.benchmarks.pipeline;

import java.time.Duration;
import java.util.Map;

/**
 * The settings that docs/performance.md gives to whoever wants decisions soon more than many of
 * them: those that latency is measured with.
 */
final class LowLatency {
  /** Weir's settings by their names. */
  static final Map<String, String> SETTINGS =
      Map.of("kafka.producer.linger.ms", "0", "kafka.consumer.fetch.min.bytes", "1");

  /** Time between commits at-least-once. Exactly-once, decisions are seen after the commit. */
  static final Duration COMMIT_INTERVAL = Duration.ofMillis(500);

  private LowLatency() {}
}
