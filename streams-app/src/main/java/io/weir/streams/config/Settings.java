package io.weir.streams.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The settings of one process, checked. Immutable and thread-safe. */
public final class Settings {
  /** The topics that the application reads and writes. */
  static final List<Setting<String>> TOPICS =
      List.of(
          WeirSettings.TOPIC_REQUESTS,
          WeirSettings.TOPIC_DECISIONS,
          WeirSettings.TOPIC_RULES,
          WeirSettings.TOPIC_RELEASES,
          WeirSettings.TOPIC_DEAD_LETTER);

  private final Map<String, GivenSetting> given;
  private final List<String> warnings;
  private final List<String> ignoredVariables;
  private final KafkaProperties kafka;

  /**
   * Settings that were checked.
   *
   * @param given each setting that was given, by its name
   * @param warnings what is odd about them without being wrong
   * @param ignoredVariables environment variables that begin like a setting's and are none
   */
  Settings(Map<String, GivenSetting> given, List<String> warnings, List<String> ignoredVariables) {
    this.given = Map.copyOf(given);
    this.warnings = List.copyOf(warnings);
    this.ignoredVariables = List.copyOf(ignoredVariables);
    this.kafka = new KafkaProperties(startingWith(SettingsLoader.KAFKA_PREFIX));
  }

  /** The value of one setting. */
  public <T> T get(Setting<T> setting) {
    return setting.type().parse(text(setting));
  }

  /** What is odd about the settings without being wrong: one line each. */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * Environment variables that begin like a setting's, but tell of a service that Kubernetes or
   * Docker runs.
   */
  public List<String> ignoredVariables() {
    return ignoredVariables;
  }

  /** The names of the five topics, by the names of their settings. */
  public SortedMap<String, String> topics() {
    SortedMap<String, String> topics = new TreeMap<>();
    TOPICS.forEach(setting -> topics.put(setting.name(), get(setting)));
    return topics;
  }

  /**
   * The configuration of Kafka Streams, without {@code application.server} and without exception
   * handlers: these belong to who starts it.
   *
   * @param requests how often the records of the requests topic are kept: so are those of the
   *     internal topics that hold state and checks, unless the settings say otherwise
   */
  public Map<String, Object> streamsProperties(TopicReplication requests) {
    return new StreamsProperties(this, kafka, requests).build();
  }

  /** The configuration of an admin client. */
  public Map<String, Object> adminProperties() {
    return kafka.admin(get(WeirSettings.BOOTSTRAP_SERVERS));
  }

  /** The configuration of a producer, without serializers: acknowledged by all replicas. */
  public Map<String, Object> producerProperties() {
    return kafka.producer(get(WeirSettings.BOOTSTRAP_SERVERS));
  }

  /**
   * The configuration of the producer that writes the gateway's decisions, without serializers:
   * idempotent, acknowledged by all replicas, in batches like those of Kafka Streams' producers.
   */
  public Map<String, Object> decisionsProducerProperties() {
    return kafka.backgroundProducer(
        get(WeirSettings.BOOTSTRAP_SERVERS),
        get(WeirSettings.APPLICATION_ID) + "-gateway-decisions");
  }

  /**
   * The configuration of a consumer without a group, without deserializers: it reads committed
   * records and commits nothing.
   */
  public Map<String, Object> consumerProperties() {
    return kafka.consumer(get(WeirSettings.BOOTSTRAP_SERVERS));
  }

  /** The configuration of the Avro serde, under Confluent's keys. */
  public Map<String, Object> serdeProperties() {
    Map<String, Object> properties = new TreeMap<>();
    given.forEach(
        (name, setting) -> {
          if (name.startsWith(SettingsLoader.REGISTRY_PREFIX)) {
            properties.put(RegistrySettings.property(name), setting.value());
          }
        });
    properties.put(WeirSettings.SCHEMA_REGISTRY_URL.name(), get(WeirSettings.SCHEMA_REGISTRY_URL));
    return properties;
  }

  /**
   * What differs from the defaults or wins over another place, by name: the value, a secret's
   * hidden, where it was written, and the other place.
   */
  public SortedMap<String, String> describe() {
    SortedMap<String, String> shown = new TreeMap<>();
    given.forEach(
        (name, setting) -> {
          if (!isDefault(setting) || setting.outdone().isPresent()) {
            shown.put(name, setting.describe());
          }
        });
    return shown;
  }

  private String text(Setting<?> setting) {
    return Optional.ofNullable(given.get(setting.name()))
        .map(GivenSetting::value)
        .orElse(setting.defaultText());
  }

  private static boolean isDefault(GivenSetting given) {
    return WeirSettings.find(given.name())
        .filter(setting -> setting.isDefault(given.value()))
        .isPresent();
  }

  private Map<String, String> startingWith(String prefix) {
    Map<String, String> found = new TreeMap<>();
    given.forEach(
        (name, setting) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), setting.value());
          }
        });
    return found;
  }

  /** Names and values, secrets hidden. */
  @Override
  public String toString() {
    return "Settings" + describe();
  }
}
