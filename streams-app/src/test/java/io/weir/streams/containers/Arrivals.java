package io.weir.streams.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.topology.DecidedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed decisions, and notes when each arrived. Not thread-safe. */
final class Arrivals implements AutoCloseable {
  private static final String TOPIC = "weir.decisions";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, Duration> waits = new HashMap<>();
  private final List<String> repeated = new ArrayList<>();

  Arrivals(String bootstrapServers) {
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(TOPIC).stream()
            .map(partition -> new TopicPartition(TOPIC, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads on until so many requests are decided whose ids begin so. */
  void await(String name, int count) {
    long endNanos = System.nanoTime() + PATIENCE.toNanos();
    while (decided(name) < count && System.nanoTime() - endNanos < 0) {
      consumer.poll(Duration.ofMillis(50)).forEach(this::note);
    }
    assertThat(decided(name)).isGreaterThanOrEqualTo(count);
  }

  private void note(ConsumerRecord<byte[], byte[]> record) {
    byte[] id =
        Objects.requireNonNull(record.headers().lastHeader(DecidedRequest.REQUEST_ID_HEADER))
            .value();
    // A decision has the time of its request.
    Duration wait = Duration.ofMillis(System.currentTimeMillis() - record.timestamp());
    if (waits.putIfAbsent(new String(id, UTF_8), wait) != null) {
      repeated.add(new String(id, UTF_8));
    }
  }

  private long decided(String name) {
    return waits.keySet().stream().filter(id -> id.startsWith(name)).count();
  }

  /** The ids that came more than once. */
  List<String> repeated() {
    return List.copyOf(repeated);
  }

  /** From the time of a request to the arrival of its decision, at most, of those ids. */
  Duration longestWait(String name) {
    return waits.entrySet().stream()
        .filter(each -> each.getKey().startsWith(name))
        .map(Map.Entry::getValue)
        .max(Duration::compareTo)
        .orElseThrow();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
