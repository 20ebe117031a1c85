package io.weir.streams.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic as bytes, all partitions, committed records only, in no group. Not thread-safe; its
 * methods throw {@link CommandFailure} where Kafka refuses.
 */
public final class TopicReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(100);

  private final org.apache.kafka.clients.consumer.Consumer<byte @Nullable [], byte @Nullable []>
      consumer;
  private final List<TopicPartition> partitions;
  private final LongSupplier nanoTime;

  /**
   * A reader that stands at the first record.
   *
   * @param consumer a consumer without a group, which this closes
   */
  public TopicReader(
      org.apache.kafka.clients.consumer.Consumer<byte @Nullable [], byte @Nullable []> consumer,
      String topic) {
    this(consumer, topic, System::nanoTime);
  }

  TopicReader(
      org.apache.kafka.clients.consumer.Consumer<byte @Nullable [], byte @Nullable []> consumer,
      String topic,
      LongSupplier nanoTime) {
    this.consumer = consumer;
    this.nanoTime = nanoTime;
    try {
      this.partitions = partitions(topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    } catch (KafkaException e) {
      consumer.close();
      throw KafkaFailures.explain(e);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** A reader by the properties of a consumer. */
  public static TopicReader open(Map<String, Object> properties, String topic) {
    Map<String, Object> all = new HashMap<>();
    // A person waits: Kafka's own patience is a minute.
    all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    all.put(ConsumerConfig.CLIENT_ID_CONFIG, "weir-" + UUID.randomUUID());
    all.putAll(properties);
    try {
      return new TopicReader(
          new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
          topic);
    } catch (KafkaException e) {
      throw KafkaFailures.explain(e);
    }
  }

  /** Likewise, and it stands behind the last record. */
  public static TopicReader openAtEnd(Map<String, Object> properties, String topic) {
    return atEnd(open(properties, topic));
  }

  /** The reader, gone to its end; closed where that fails. */
  static TopicReader atEnd(TopicReader reader) {
    try {
      reader.skipToEnd();
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
    return reader;
  }

  private List<TopicPartition> partitions(String topic) {
    @Nullable List<org.apache.kafka.common.PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new CommandFailure(
          "the topic " + topic + " does not exist", "./weir topics apply creates what is missing");
    }
    return found.stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  /** Goes behind the last record; what comes from now on is read. */
  void skipToEnd() {
    try {
      consumer.seekToEnd(partitions);
      // The seek is lazy: asking for the position does it now.
      partitions.forEach(consumer::position);
    } catch (KafkaException e) {
      throw KafkaFailures.explain(e);
    }
  }

  /**
   * Hands out the records that come within a time.
   *
   * @param timeout the longest wait for a first one
   */
  public void poll(
      Duration timeout, Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> action) {
    try {
      consumer.poll(timeout).forEach(action);
    } catch (KafkaException e) {
      throw KafkaFailures.explain(e);
    }
  }

  /**
   * Hands out every record that is there by now, in the order of each partition.
   *
   * @throws CommandFailure if Kafka refuses, or for 15 s nothing more comes
   */
  public void readToEnd(Consumer<ConsumerRecord<byte @Nullable [], byte @Nullable []>> action) {
    try {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long left = left(ends);
      long progressNanos = nanoTime.getAsLong();
      while (left > 0) {
        consumer.poll(POLL).forEach(action);
        long now = nanoTime.getAsLong();
        long stillLeft = left(ends);
        if (stillLeft < left) {
          left = stillLeft;
          progressNanos = now;
        } else if (now - progressNanos >= PATIENCE.toNanos()) {
          throw stuck(left);
        }
      }
    } catch (KafkaException e) {
      throw KafkaFailures.explain(e);
    }
  }

  /** Offsets between where the reader stands and the ends. */
  private long left(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
        .sum();
  }

  /** A consumer waits for a broker that went away for as long as it takes, and says nothing. */
  private CommandFailure stuck(long left) {
    return new CommandFailure(
        "Kafka does not answer: nothing more of "
            + partitions.get(0).topic()
            + " came for "
            + PATIENCE.toSeconds()
            + " s, "
            + left
            + " offsets before its end",
        "are all brokers running? ./weir topics check asks them");
  }

  @Override
  public void close() {
    consumer.close();
  }
}
