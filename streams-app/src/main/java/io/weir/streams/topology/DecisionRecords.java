package io.weir.streams.topology;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Makes the records of the decisions topic. Thread-safe, where the serializer is.
 *
 * <p>The key is the identifier, or the request_id where there is none. The headers are the
 * decision's own: what came with the request is not bounded.
 *
 * @param topic the decisions topic
 * @param values writes their values
 */
public record DecisionRecords(String topic, Serializer<DecidedRequest> values) {

  /**
   * The record of one decision.
   *
   * @param timestampMillis the record's time, in milliseconds since the epoch, 0 or more
   * @throws RuntimeException whatever the serializer throws
   */
  public Record<byte[], byte[]> of(DecidedRequest decided, long timestampMillis) {
    byte[] id = decided.requestId().getBytes(StandardCharsets.UTF_8);
    Headers headers = headers(id);
    byte[] value = values.serialize(topic, headers, decided);
    // The identifier's own bytes, which nobody changes.
    byte[] key = id;
    if (decided.decision().identifierText().isPresent()) {
      key = decided.decision().identifierText().get().bytes();
    }
    return new Record<>(key, value, timestampMillis, headers);
  }

  /** The headers of a decision on a request. */
  static Headers headers(byte[] requestId) {
    Headers headers = new RecordHeaders();
    headers.add(DecidedRequest.REQUEST_ID_HEADER, requestId);
    return headers;
  }
}
