package io.weir.streams.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Kafka properties that nobody may pass through, because Weir's guarantees rest on their values.
 */
final class RefusedKafkaProperties {
  private static final String KEYS_AND_VALUES = "Weir reads and writes its own formats";
  private static final String HANDLERS = "Weir decides what happens to records that fail";
  private static final String PLACEMENT = "queries find an identifier by Kafka's default placement";
  private static final String RECORDS_TWICE = "records would be lost or judged twice";

  private static final Map<String, String> REASONS = reasons();
  private static final Map<String, String> TOPIC_REASONS =
      Map.of(
          "cleanup.policy", "internal topics would lose state or requests",
          "retention.ms", "internal topics would lose requests",
          "retention.bytes", "internal topics would lose requests",
          "message.timestamp.type", "requests would be judged at another time than their own");

  private RefusedKafkaProperties() {}

  /** Why the property may not be passed through; empty where it may. */
  static Optional<String> reason(String name) {
    KafkaPropertyNames.Split split = KafkaPropertyNames.split(name);
    return Optional.ofNullable(
        split.prefix().equals(StreamsConfig.TOPIC_PREFIX)
            ? TOPIC_REASONS.get(split.plain())
            : REASONS.get(split.plain()));
  }

  private static Map<String, String> reasons() {
    Map<String, String> reasons = new HashMap<>();
    refuse(reasons, instead(WeirSettings.APPLICATION_ID), "application.id", "group.id");
    refuse(reasons, instead(WeirSettings.BOOTSTRAP_SERVERS), "bootstrap.servers");
    refuse(reasons, instead(WeirSettings.PROCESSING_GUARANTEE), "processing.guarantee");
    refuse(reasons, instead(WeirSettings.COMMIT_INTERVAL), "commit.interval.ms");
    refuse(reasons, instead(WeirSettings.THREADS), "num.stream.threads");
    refuse(reasons, instead(WeirSettings.STANDBY_REPLICAS), "num.standby.replicas");
    refuse(reasons, instead(WeirSettings.STATE_DIR), "state.dir");
    refuse(reasons, instead(WeirSettings.HTTP_ADVERTISED), "application.server");
    refuse(reasons, instead(WeirSettings.TOPIC_DEAD_LETTER), "errors.dead.letter.queue.topic.name");
    refuse(
        reasons,
        instead(WeirSettings.ROCKSDB_BLOCK_CACHE, WeirSettings.ROCKSDB_WRITE_BUFFERS),
        "rocksdb.config.setter");
    refuse(
        reasons,
        KEYS_AND_VALUES,
        "default.key.serde",
        "default.value.serde",
        "key.serializer",
        "value.serializer",
        "key.deserializer",
        "value.deserializer");
    refuse(
        reasons,
        HANDLERS,
        "default.deserialization.exception.handler",
        "deserialization.exception.handler",
        "default.production.exception.handler",
        "production.exception.handler",
        "processing.exception.handler",
        "processing.exception.handler.global.enabled");
    refuse(reasons, PLACEMENT, "partitioner.class", "partitioner.ignore.keys");
    refuse(
        reasons,
        RECORDS_TWICE,
        "auto.offset.reset",
        "enable.auto.commit",
        "isolation.level",
        "acks",
        "enable.idempotence",
        "transactional.id");
    refuse(reasons, "time is the record's timestamp", "default.timestamp.extractor");
    refuse(
        reasons,
        "Weir names its internal topics and stores itself",
        "ensure.explicit.internal.resource.naming",
        "topology.optimization",
        "dsl.store.suppliers.class");
    refuse(
        reasons,
        "Weir relies on the classic protocol's session time-out and standby replicas",
        "group.protocol");
    return Map.copyOf(reasons);
  }

  private static String instead(Setting<?>... settings) {
    return Stream.of(settings)
        .map(Setting::name)
        .collect(Collectors.joining(" and ", "set ", " instead"));
  }

  private static void refuse(Map<String, String> reasons, String reason, String... names) {
    List.of(names).forEach(name -> reasons.put(name, reason));
  }
}
