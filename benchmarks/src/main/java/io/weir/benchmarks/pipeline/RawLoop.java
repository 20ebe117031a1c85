package io.weir.benchmarks.pipeline;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Consumes records and produces them as they are, with commits at the interval: what Kafka's
 * clients can do without Kafka Streams, with the settings that it gives them.
 */
final class RawLoop {
  /** That it notices soon that it is to stop. */
  private static final long LONGEST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final AppSpec spec;
  private final int number;
  private final AtomicLong processed;
  private final Runnable whenAssigned;
  private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
  private volatile boolean stopped;

  RawLoop(AppSpec spec, int number, AtomicLong processed, Runnable whenAssigned) {
    this.spec = spec;
    this.number = number;
    this.processed = processed;
    this.whenAssigned = whenAssigned;
  }

  void stop() {
    stopped = true;
  }

  void run() {
    long intervalNanos = TimeUnit.MILLISECONDS.toNanos(spec.commitIntervalMillis());
    boolean transactional = spec.guarantee().isTransactional();
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                producerProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
      if (transactional) {
        producer.initTransactions();
      }
      consumer.subscribe(List.of(spec.requests()), new Assigned());
      String target = spec.topics().decisions();
      long committedNanos = System.nanoTime();
      while (!stopped) {
        long leftNanos = committedNanos + intervalNanos - System.nanoTime();
        ConsumerRecords<byte[], byte[]> records =
            consumer.poll(Duration.ofNanos(Math.max(0, Math.min(leftNanos, LONGEST_POLL_NANOS))));
        if (!records.isEmpty() && transactional && offsets.isEmpty()) {
          producer.beginTransaction();
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      target, null, record.timestamp(), record.key(), record.value()));
        }
        offsets.putAll(records.nextOffsets());
        processed.addAndGet(records.count());
        if (System.nanoTime() - committedNanos >= intervalNanos) {
          commit(consumer, producer, transactional);
          committedNanos = System.nanoTime();
        }
      }
      commit(consumer, producer, transactional);
    }
  }

  private void commit(
      KafkaConsumer<byte[], byte[]> consumer,
      KafkaProducer<byte[], byte[]> producer,
      boolean transactional) {
    if (offsets.isEmpty()) {
      return;
    }
    if (transactional) {
      producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
      producer.commitTransaction();
    } else {
      producer.flush();
      consumer.commitSync(offsets);
    }
    offsets.clear();
  }

  private Properties consumerProperties() {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, spec.bootstrapServers());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, spec.application());
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000");
    return properties;
  }

  private Properties producerProperties() {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, spec.bootstrapServers());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, linger());
    if (spec.guarantee().isTransactional()) {
      properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, spec.application() + "-" + number);
    }
    return properties;
  }

  private Object linger() {
    return Objects.requireNonNull(
        spec.streamsProperties().get("producer." + ProducerConfig.LINGER_MS_CONFIG));
  }

  /** Tells once that there are partitions. */
  private final class Assigned implements ConsumerRebalanceListener {
    private boolean told;

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (!told) {
        told = true;
        whenAssigned.run();
      }
    }
  }
}
