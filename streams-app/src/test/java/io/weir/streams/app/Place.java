package io.weir.streams.app;

import static io.weir.limiter.rule.Descriptor.key;
import static io.weir.limiter.rule.RuleLimit.per;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RateUnit;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.real.RealBroker;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.serde.SchemaRegistryClient;
import io.weir.streams.serde.StopSignal;
import io.weir.streams.topology.TopologySettings;
import io.weir.streams.topology.TopologyTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Topics and an application id of its own on the shared broker, for instances of one test. */
final class Place {
  static final int USERS = 12;
  static final int LIMIT = 1_000;

  private final KafkaProcess kafka;
  private final Path directory;
  private final String id = RealBroker.uniqueName("weir");
  private final TopologySettings topology =
      TopologySettings.DEFAULT.withTopics(
          new TopologyTopics(
              id + ".requests",
              id + ".decisions",
              id + ".rules",
              id + ".releases",
              id + ".dead-letter"));
  private final InProcessSchemaRegistryClient registry = new InProcessSchemaRegistryClient();

  /** A place without topics; the state of instances goes below the directory. */
  Place(KafkaProcess kafka, Path directory) {
    this.kafka = kafka;
    this.directory = directory;
  }

  String id() {
    return id;
  }

  TopologySettings topology() {
    return topology;
  }

  InProcessSchemaRegistryClient registry() {
    return registry;
  }

  /** An instance whose state has that name. */
  Instance instance(String name) {
    return new Instance(id, kafka.bootstrapServers(), directory.resolve(name), topology, registry);
  }

  /** The only instance, whose surroundings the test makes. */
  Instance instance(
      SchemaRegistryClient client,
      StopSignal stop,
      KafkaClientSupplier clients,
      Duration stopTimeout) {
    return new Instance(
        id,
        kafka.bootstrapServers(),
        directory.resolve("only"),
        topology,
        client,
        stop,
        clients,
        stopTimeout);
  }

  void createTopics(int partitions) throws Exception {
    createTopic(topology.topics().requests(), partitions);
    createTopic(topology.topics().decisions(), partitions);
    createTopic(topology.topics().releases(), partitions);
    createTopic(topology.topics().rules(), 1);
    createTopic(topology.topics().deadLetters(), 1);
  }

  void createTopic(String name, int partitions) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  /** Allows each user {@link #LIMIT} requests a year. */
  void sendRules() {
    DomainRules rules =
        DomainRules.of(
            "api", key("user_id").limit(per(LIMIT, RateUnit.YEAR).algorithm(new TokenBucket())));
    byte[] value =
        Instance.serde(io.weir.schemas.DomainRules.class, registry)
            .serializer()
            .serialize(
                topology.topics().rules(),
                new RulesConverter(Algorithms.standard()).toRecord(rules, Optional.empty()));
    send(
        List.of(
            new ProducerRecord<>(
                topology.topics().rules(), "api".getBytes(StandardCharsets.UTF_8), value)));
  }

  /** The user of number n, from 0 to {@link #USERS}, sends n + 1 requests. */
  void sendRequests() {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int user = 0; user < USERS; user++) {
      for (int i = 0; i <= user; i++) {
        RequestEvent event =
            RequestEvent.newBuilder()
                .setRequestId(user + "-" + i)
                .setDomain("api")
                .setAttributes(Map.of("user_id", "user " + user))
                .build();
        records.add(
            new ProducerRecord<>(
                topology.topics().requests(),
                Instance.serde(RequestEvent.class, registry)
                    .serializer()
                    .serialize(topology.topics().requests(), event)));
      }
    }
    send(records);
  }

  private void send(List<ProducerRecord<byte[], byte[]>> records) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (ProducerRecord<byte[], byte[]> record : records) {
        var unused = producer.send(record);
      }
    }
  }
}
