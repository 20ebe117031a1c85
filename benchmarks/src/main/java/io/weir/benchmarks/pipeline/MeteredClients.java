package io.weir.benchmarks.pipeline;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The clients that Kafka Streams would make for itself. It forgets the meters of a producer with
 * its thread; here they are kept, so that what was sent is known when everything is. Thread-safe.
 */
final class MeteredClients implements KafkaClientSupplier {
  private final List<Producer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();

  /** What all producers sent to a topic, by a meter of theirs: records or bytes. */
  long sent(String meter, String topic) {
    return producers.stream()
        .flatMap(producer -> producer.metrics().entrySet().stream())
        .filter(metric -> isOf(metric.getKey(), meter, topic))
        .mapToLong(metric -> StreamsMeters.number(metric.getValue()))
        .sum();
  }

  private static boolean isOf(MetricName name, String meter, String topic) {
    return name.group().equals("producer-topic-metrics")
        && name.name().equals(meter)
        && topic.equals(name.tags().get("topic"));
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    producers.add(producer);
    return producer;
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return newConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return newConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return newConsumer(config);
  }

  private static Consumer<byte[], byte[]> newConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
