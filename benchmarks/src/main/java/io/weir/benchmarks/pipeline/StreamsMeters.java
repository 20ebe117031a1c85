package io.weir.benchmarks.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** Reads the meters of a Kafka Streams application. Thread-safe. */
final class StreamsMeters {
  private final KafkaStreams streams;
  private final MeterRegistry own;

  StreamsMeters(KafkaStreams streams, MeterRegistry own) {
    this.streams = streams;
    this.own = own;
  }

  /** The meters of one name and group, to be read again and again: finding them is not cheap. */
  List<? extends Metric> find(String group, String name) {
    return find(metric -> metric.group().equals(group) && metric.name().equals(name));
  }

  /** What the stores have in the block cache that they share. */
  long blockCacheBytes() {
    return find("stream-state-metrics", "block-cache-usage").stream()
        .mapToLong(StreamsMeters::number)
        .max()
        .orElse(0);
  }

  /** The write buffers of all stores. */
  long memtableBytes() {
    return sum(find("stream-state-metrics", "size-all-mem-tables"));
  }

  /** What the restore consumers have fetched. */
  long restoredBytes() {
    return sum(
        find(
            metric ->
                metric.group().equals("consumer-fetch-manager-metrics")
                    && metric.name().equals("bytes-consumed-total")
                    && !metric.tags().containsKey("topic")
                    && String.valueOf(metric.tags().get("client-id")).contains("restore")));
  }

  /** Decisions that admitted. */
  long allowed() {
    return counted(own.find("weir.decisions").tag("verdict", "ALLOW").counters());
  }

  /** Rows that expiry forgot. */
  long rowsExpired() {
    return counted(own.find("weir.rows.expired").counters());
  }

  /**
   * The longest step of expiry of late: by Weir's own timer, else by what Kafka Streams says of
   * punctuators, of which expiry is the only one that takes its time.
   */
  double longestStepMillis() {
    Collection<Timer> steps = own.find("weir.expiry.step").timers();
    return steps.isEmpty()
        ? find("stream-thread-metrics", "punctuate-latency-max").stream()
            .mapToDouble(metric -> ((Number) metric.metricValue()).doubleValue())
            .filter(Double::isFinite)
            .max()
            .orElse(0)
        : steps.stream().mapToDouble(timer -> timer.max(TimeUnit.MILLISECONDS)).max().orElse(0);
  }

  /** The sum of meters that count. */
  static long sum(List<? extends Metric> metrics) {
    long sum = 0;
    for (Metric metric : metrics) {
      sum += number(metric);
    }
    return sum;
  }

  private List<? extends Metric> find(Predicate<MetricName> wanted) {
    return streams.metrics().entrySet().stream()
        .filter(metric -> wanted.test(metric.getKey()))
        .map(metric -> metric.getValue())
        .toList();
  }

  /** The value of a meter that counts. */
  static long number(Metric metric) {
    return metric.metricValue() instanceof Number number ? number.longValue() : 0;
  }

  private static long counted(Collection<Counter> counters) {
    return (long) counters.stream().mapToDouble(Counter::count).sum();
  }
}
