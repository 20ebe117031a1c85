package io.weir.benchmarks.pipeline;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.rule.RulesReader;
import io.weir.schemas.RequestEvent;
import io.weir.streams.rules.RulesConverter;
import io.weir.streams.topology.WeirSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of a bench and what is in them before it begins. */
final class BenchTopics {
  static final String RULES = "rules";

  /** So much that everything is admitted: a denied request writes nothing, and costs less. */
  private static final String RULES_YAML =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 1000000}
      """;

  private static final int REQUESTS_PER_MILLI = 100;
  private static final long SEED = 1;

  private final Admin admin;
  private final String bootstrapServers;
  private final WeirSerdes serdes;
  private final int partitions;

  BenchTopics(Admin admin, String bootstrapServers, WeirSerdes serdes, int partitions) {
    this.admin = admin;
    this.bootstrapServers = bootstrapServers;
    this.serdes = serdes;
    this.partitions = partitions;
  }

  /** The topic of the requests of a spread. */
  static String requests(KeySpread spread) {
    return "requests." + spread.name().toLowerCase(Locale.ROOT);
  }

  /** Makes a topic with as many partitions as the requests. */
  void create(String name) {
    create(new NewTopic(name, Optional.of(partitions), Optional.empty()));
  }

  /** Deletes all topics whose names begin so, internal ones too. */
  void deleteAll(String prefix) {
    List<String> names =
        get(admin.listTopics().names()).stream().filter(name -> name.startsWith(prefix)).toList();
    get(admin.deleteTopics(names).all());
  }

  /** Makes the rules topic, with the rules. */
  void loadRules() {
    create(
        new NewTopic(RULES, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "compact")));
    Algorithms algorithms = Algorithms.standard();
    byte[] value =
        serdes
            .rules()
            .serializer()
            .serialize(
                RULES,
                new RulesConverter(algorithms)
                    .toRecord(
                        new RulesReader(algorithms).read("bench.yaml", RULES_YAML),
                        Optional.empty()));
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      get(
          producer.send(
              new ProducerRecord<>(RULES, "api".getBytes(StandardCharsets.UTF_8), value)));
    }
  }

  /** Makes the topic of a spread, with requests that are keyed by their identifiers. */
  void loadRequests(KeySpread spread, int count) {
    create(requests(spread));
    IntSupplier numbers = spread.numbers(SEED);
    // Their own time, so that each run judges the same.
    long startMillis = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      for (int i = 0; i < count; i++) {
        String user = String.valueOf(numbers.getAsInt());
        RequestEvent request =
            RequestEvent.newBuilder()
                .setRequestId("r-" + i)
                .setDomain("api")
                .setAttributes(Map.of("user_id", user))
                .build();
        var unused =
            producer.send(
                new ProducerRecord<>(
                    requests(spread),
                    null,
                    startMillis + i / REQUESTS_PER_MILLI,
                    ("api/user_id=" + user).getBytes(StandardCharsets.UTF_8),
                    serdes.requests().serializer().serialize(requests(spread), request)));
      }
    }
  }

  /** How many records of a topic a group has committed. */
  long committed(String group, String topic) {
    return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .entrySet()
        .stream()
        .filter(entry -> entry.getKey().topic().equals(topic))
        .mapToLong(entry -> entry.getValue().offset())
        .sum();
  }

  private void create(NewTopic topic) {
    get(admin.createTopics(List.of(topic)).all());
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.LINGER_MS_CONFIG,
            "20"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker refuses: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
