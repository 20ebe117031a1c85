package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.RealBroker;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The registry is killed while records flow through a real broker. */
@ExtendWith(RealBroker.class)
class RegistryRestartIT {
  private static final int RECORDS = 200;

  private final KafkaProcess kafka;

  RegistryRestartIT(KafkaProcess kafka) {
    this.kafka = kafka;
  }

  @Test
  void nothingIsLostWhenTheRegistryIsKilledAndComesBack() throws Exception {
    String known = RealBroker.uniqueName("known");
    String fresh = RealBroker.uniqueName("fresh");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(new NewTopic(known, 1, (short) 1), new NewTopic(fresh, 1, (short) 1)))
          .all()
          .get();
    }
    try (RegistryProcess registry = RegistryProcess.start(RealBroker.files());
        var producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) kafka.bootstrapServers()),
                new StringSerializer(),
                serde(registry).serializer())) {
      send(producer, known, 0, RECORDS / 2);

      registry.kill();
      // Known schema, warm serializer: nobody misses the registry.
      send(producer, known, RECORDS / 2, RECORDS);
      // A new subject, and a reader that has seen nothing yet: both must wait, and neither may
      // fail.
      var writing = CompletableFuture.runAsync(() -> send(producer, fresh, 0, RECORDS));
      var reading = CompletableFuture.supplyAsync(() -> read(registry, known));
      assertThat(writing).isNotDone();
      assertThat(reading).isNotDone();

      registry.restart();

      await().atMost(Duration.ofMinutes(1)).until(() -> writing.isDone() && reading.isDone());
      assertThat(reading.get()).isEqualTo(all());
      writing.get();
      assertThat(read(registry, fresh)).isEqualTo(all());
    }
  }

  private static Serde<RequestEvent> serde(RegistryProcess registry) {
    return AvroSerdes.by(
            Map.of(SerdeConfig.URL, registry.url(), SerdeConfig.RETRY_TIMEOUT, "120000"))
        .forValues(RequestEvent.class);
  }

  private static Set<Integer> all() {
    return IntStream.range(0, RECORDS).boxed().collect(Collectors.toSet());
  }

  private static void send(
      KafkaProducer<String, RequestEvent> producer, String topic, int from, int to) {
    List<Future<RecordMetadata>> sent =
        IntStream.range(from, to)
            .mapToObj(i -> Samples.request(Integer.toString(i)))
            .map(event -> producer.send(new ProducerRecord<>(topic, event)))
            .toList();
    producer.flush();
    assertThat(sent).allSatisfy(record -> assertThat(record).succeedsWithin(Duration.ofSeconds(1)));
  }

  private Set<Integer> read(RegistryProcess registry, String topic) {
    Set<Integer> ids = new HashSet<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                (Object) kafka.bootstrapServers(),
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            serde(registry).deserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
      while (ids.size() < RECORDS && System.nanoTime() - deadline < 0) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> ids.add(Integer.valueOf(record.value().getRequestId())));
      }
    }
    return ids;
  }
}
