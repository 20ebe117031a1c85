package io.weir.streams.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The Kafka properties that were passed through, put together for each kind of client by the rules
 * of Kafka Streams: a plain name goes to every client that knows it, and to all where none does; a
 * prefixed one wins over it.
 *
 * @param given names without {@code kafka.}, and their values
 */
record KafkaProperties(Map<String, String> given) {
  /**
   * Where Kafka's own default serves a producer of many small records badly, and nobody said
   * otherwise. Kafka Streams lets records wait 100 ms for company, on each of two hops. Each batch
   * that is full wakes the thread that sends: with Kafka's 16 KiB that is each sixtieth decision,
   * and a tenth of the time that sending takes.
   */
  static final Map<String, String> PRODUCER_DEFAULTS =
      Map.of(ProducerConfig.LINGER_MS_CONFIG, "5", ProducerConfig.BATCH_SIZE_CONFIG, "131072");

  /** A thread that sends in the background sees so often what else there is to do. */
  private static final String BACKGROUND_MAX_BLOCK_MILLIS = "5000";

  KafkaProperties {
    given = Map.copyOf(given);
  }

  /** Whether a property is set for a kind of client, under its prefix or for all. */
  boolean sets(String prefix, String name) {
    return given.containsKey(name) || given.containsKey(prefix + name);
  }

  /** For an admin client. */
  Map<String, Object> admin(String bootstrapServers) {
    Map<String, Object> properties =
        client(StreamsConfig.ADMIN_CLIENT_PREFIX, AdminClientConfig.configNames());
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return properties;
  }

  /** For a producer outside Kafka Streams. */
  Map<String, Object> producer(String bootstrapServers) {
    Map<String, Object> properties =
        client(StreamsConfig.PRODUCER_PREFIX, ProducerConfig.configNames());
    // Belongs to transactions, which only Kafka Streams makes.
    properties.remove(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    return properties;
  }

  /**
   * For a producer of many records behind the backs of who makes them: one that waits for brokers
   * comes back soon, and is asked again.
   */
  Map<String, Object> backgroundProducer(String bootstrapServers, String clientId) {
    Map<String, Object> properties = new TreeMap<>(PRODUCER_DEFAULTS);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BACKGROUND_MAX_BLOCK_MILLIS);
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    properties.putAll(producer(bootstrapServers));
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    return properties;
  }

  /** For a consumer outside Kafka Streams. */
  Map<String, Object> consumer(String bootstrapServers) {
    Map<String, Object> properties =
        client(StreamsConfig.CONSUMER_PREFIX, ConsumerConfig.configNames());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    return properties;
  }

  private Map<String, Object> client(String prefix, Set<String> names) {
    Map<String, Object> properties = new TreeMap<>();
    given.forEach(
        (name, value) -> {
          if (names.contains(name) || isNobodys(name)) {
            properties.put(name, value);
          }
        });
    given.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            properties.put(name.substring(prefix.length()), value);
          }
        });
    return properties;
  }

  /** Whether a plain name is none that Kafka knows: a plug-in's own, which every client gets. */
  private static boolean isNobodys(String name) {
    return KafkaPropertyNames.split(name).prefix().isEmpty()
        && Stream.of(
                StreamsConfig.configDef().names(),
                ConsumerConfig.configNames(),
                ProducerConfig.configNames(),
                AdminClientConfig.configNames())
            .noneMatch(names -> names.contains(name));
  }
}
