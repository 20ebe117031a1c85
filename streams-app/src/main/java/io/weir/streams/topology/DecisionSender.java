package io.weir.streams.topology;

import io.weir.limiter.Decision;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends decisions to a sink of the decisions topic. For the thread of one task.
 *
 * <p>A decision's timestamp is the time of the request it answers, so that a replay writes the same
 * records, and so that decisions can be joined with other streams by time. It is at most the
 * tolerance ahead of the clock, which brokers accept; a request older than the retention of the
 * decisions topic has a decision that the broker deletes soon. The headers are the decision's own:
 * what came with the request is not bounded.
 */
final class DecisionSender {
  /** Header with the request_id, to filter by without decoding. */
  static final String REQUEST_ID_HEADER = "request_id";

  private final ProcessorContext<byte[], byte[]> context;
  private final String sink;
  private final String topic;
  private final Serde<io.weir.schemas.Decision> serde;
  private final TopologyMetrics metrics;

  DecisionSender(
      ProcessorContext<byte[], byte[]> context,
      String sink,
      String topic,
      Serde<io.weir.schemas.Decision> serde,
      TopologyMetrics metrics) {
    this.context = context;
    this.sink = sink;
    this.topic = topic;
    this.serde = serde;
    this.metrics = metrics;
  }

  /**
   * Sends one decision.
   *
   * @param ruled whether the domain has rules
   * @param streamMillis the record's time in the stream, in milliseconds since the epoch
   * @return the record's value, for {@link #repeat}
   */
  byte[] send(
      String requestId, String domain, boolean ruled, Decision decision, long streamMillis) {
    String id = RequestBounds.cut(requestId, RequestBounds.MAX_REQUEST_ID_CHARS);
    byte[] value =
        send(
            Decisions.toRecord(
                id, RequestBounds.cut(domain, RequestBounds.MAX_DOMAIN_CHARS), decision),
            streamMillis);
    metrics.decided(domain, ruled, decision);
    return value;
  }

  /**
   * Sends a decision once more, as that on a duplicate of its request.
   *
   * @param first the value of its record
   * @param streamMillis the duplicate's own time
   */
  void repeat(byte[] first, long streamMillis) {
    io.weir.schemas.Decision decision = serde.deserializer().deserialize(topic, first);
    send(io.weir.schemas.Decision.newBuilder(decision).setDuplicate(true).build(), streamMillis);
    metrics.duplicated();
  }

  private byte[] send(io.weir.schemas.Decision decision, long streamMillis) {
    Headers headers = new RecordHeaders();
    headers.add(REQUEST_ID_HEADER, decision.getRequestId().getBytes(StandardCharsets.UTF_8));
    String key =
        decision.getIdentifier() == null ? decision.getRequestId() : decision.getIdentifier();
    Record<byte[], byte[]> record = Records.of(serde, topic, key, decision, streamMillis, headers);
    context.forward(record, sink);
    return record.value();
  }
}
