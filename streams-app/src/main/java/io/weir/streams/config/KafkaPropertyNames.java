package io.weir.streams.config;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What Kafka knows about the properties that are passed through to it. Names are those of a Kafka
 * Streams properties file: plain ones go to every client that knows them, {@code consumer.}, {@code
 * main.consumer.}, {@code restore.consumer.}, {@code global.consumer.}, {@code producer.} and
 * {@code admin.} to one kind of client, {@code topic.} to internal topics.
 */
final class KafkaPropertyNames {
  private static final List<ConfigDef> ALL_CLIENTS =
      List.of(
          StreamsConfig.configDef(),
          ConsumerConfig.configDef(),
          ProducerConfig.configDef(),
          AdminClientConfig.configDef());

  private static final Map<String, List<ConfigDef>> BY_PREFIX =
      Map.of(
          StreamsConfig.MAIN_CONSUMER_PREFIX, List.of(ConsumerConfig.configDef()),
          StreamsConfig.RESTORE_CONSUMER_PREFIX, List.of(ConsumerConfig.configDef()),
          StreamsConfig.GLOBAL_CONSUMER_PREFIX, List.of(ConsumerConfig.configDef()),
          StreamsConfig.CONSUMER_PREFIX, List.of(ConsumerConfig.configDef()),
          StreamsConfig.PRODUCER_PREFIX, List.of(ProducerConfig.configDef()),
          StreamsConfig.ADMIN_CLIENT_PREFIX, List.of(AdminClientConfig.configDef()));

  private static final Set<String> TOPIC_CONFIGS =
      Arrays.stream(TopicConfig.class.getFields())
          .filter(field -> field.getName().endsWith("_CONFIG"))
          .filter(field -> Modifier.isStatic(field.getModifiers()))
          .map(KafkaPropertyNames::constant)
          .collect(Collectors.toUnmodifiableSet());

  private KafkaPropertyNames() {}

  /**
   * A property's name in two parts.
   *
   * @param prefix {@code consumer.}, {@code topic.}, …, or empty
   * @param plain the rest
   */
  record Split(String prefix, String plain) {}

  /** Splits a prefix off, where there is one. */
  static Split split(String name) {
    return Stream.concat(BY_PREFIX.keySet().stream(), Stream.of(StreamsConfig.TOPIC_PREFIX))
        .filter(name::startsWith)
        .findFirst()
        .map(prefix -> new Split(prefix, name.substring(prefix.length())))
        .orElse(new Split("", name));
  }

  /** What is odd about the name: it is none that Kafka has. Empty where nothing is. */
  static Optional<String> doubt(String name) {
    Split split = split(name);
    Set<String> known = known(split.prefix());
    if (known.contains(split.plain()) || name.startsWith(StreamsConfig.CLIENT_TAG_PREFIX)) {
      return Optional.empty();
    }
    Optional<String> meant = Nearest.to(split.plain(), known);
    return Optional.of(
        "Kafka has no property "
            + name
            + meant.map(found -> " (did you mean " + split.prefix() + found + "?)").orElse("")
            + "; it is passed on nevertheless");
  }

  /** What is wrong with the value of a property that Kafka knows; empty where nothing is. */
  static Optional<String> mistake(String name, String value) {
    return keys(name).flatMap(key -> mistake(key, value).stream()).findFirst();
  }

  /** Whether Kafka itself says that the value is secret. */
  static boolean isPassword(String name) {
    return keys(name).anyMatch(key -> key.type == ConfigDef.Type.PASSWORD);
  }

  /** What is wrong with the value of a property; empty where nothing is. */
  static Optional<String> mistake(ConfigDef.ConfigKey key, String value) {
    try {
      Object parsed = ConfigDef.parseType(key.name, value, key.type);
      if (key.validator != null) {
        key.validator.ensureValid(key.name, parsed);
      }
      return Optional.empty();
    } catch (ConfigException e) {
      return Optional.of(
          "it must be " + kind(key.type) + (key.validator == null ? "" : ": " + key.validator));
    }
  }

  private static String kind(ConfigDef.Type type) {
    return switch (type) {
      case BOOLEAN -> "true or false";
      case SHORT, INT, LONG -> "a whole number";
      case DOUBLE -> "a number";
      case LIST -> "a list with commas";
      case CLASS -> "the name of a class";
      case STRING, PASSWORD -> "a text";
    };
  }

  private static Stream<ConfigDef.ConfigKey> keys(String name) {
    Split split = split(name);
    return definitions(split.prefix())
        .flatMap(
            definition -> Optional.ofNullable(definition.configKeys().get(split.plain())).stream());
  }

  private static Stream<ConfigDef> definitions(String prefix) {
    return prefix.equals(StreamsConfig.TOPIC_PREFIX)
        ? Stream.empty()
        : BY_PREFIX.getOrDefault(prefix, ALL_CLIENTS).stream();
  }

  private static Set<String> known(String prefix) {
    return prefix.equals(StreamsConfig.TOPIC_PREFIX)
        ? TOPIC_CONFIGS
        : definitions(prefix)
            .flatMap(definition -> definition.names().stream())
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String constant(Field field) {
    try {
      return String.valueOf(field.get(null));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a public constant of Kafka cannot be read: " + field, e);
    }
  }
}
