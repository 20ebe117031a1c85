package io.weir.streams.cli.topics;

import io.weir.streams.config.Settings;
import io.weir.streams.topology.TopologySettings;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How large the records may be that the application writes. One that is refused ends the thread
 * that wrote it, and then the next one that reads the same request: so what can be cut is cut, and
 * where a topic takes less than the rest may need, somebody is told.
 */
public final class RecordSizes {
  private RecordSizes() {}

  /**
   * The largest dead letter: the default, or what the topic and the producer take if that is less.
   *
   * @param actual the topics that exist, by name
   */
  public static int deadLetterBytes(Settings settings, Map<String, TopicSpec> actual) {
    int most =
        Math.min(TopologySettings.DEFAULT.maxDeadLetterBytes(), largestRequestBytes(settings));
    return Optional.ofNullable(actual.get(TopicRole.DEAD_LETTER.topic(settings)))
        .map(topic -> Math.min(most, largestRecordBytes(topic).orElse(most)))
        .orElse(most);
  }

  /** What a topic takes at most, where that is known. */
  static OptionalInt largestRecordBytes(TopicSpec topic) {
    String bytes = topic.configs().get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    return bytes == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(bytes.strip()));
  }

  /** What the producer sends at most. */
  static int largestRequestBytes(Settings settings) {
    Object given = settings.producerProperties().get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    Object bytes =
        given == null
            ? ProducerConfig.configDef().defaultValues().get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)
            : given;
    return Integer.parseInt(String.valueOf(bytes).strip());
  }
}
