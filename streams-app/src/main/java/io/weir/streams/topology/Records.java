package io.weir.streams.topology;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.Record;

/** Records as bytes, as which they travel, and their values. */
final class Records {
  private Records() {}

  /** The value of a record of a topic. */
  static <T> T read(Serde<T> serde, String topic, Record<byte[], byte[]> record) {
    return serde.deserializer().deserialize(topic, record.headers(), record.value());
  }

  /** A record for a topic, with no headers but those that the serde gives it. */
  static <T> Record<byte[], byte[]> of(
      Serde<T> serde, String topic, String key, T value, long timestampMillis) {
    return of(serde, topic, key, value, timestampMillis, new RecordHeaders());
  }

  /** A record for a topic. */
  static <T> Record<byte[], byte[]> of(
      Serde<T> serde, String topic, String key, T value, long timestampMillis, Headers headers) {
    byte[] bytes = serde.serializer().serialize(topic, headers, value);
    return new Record<>(key.getBytes(StandardCharsets.UTF_8), bytes, timestampMillis, headers);
  }
}
