package io.weir.streams.topology;

import io.weir.limiter.Decision;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends decisions to a sink of the decisions topic. For the thread of one task.
 *
 * <p>A decision's timestamp is the time of the request it answers, so that a replay writes the same
 * records, and so that decisions can be joined with other streams by time. It is at most the
 * tolerance ahead of the clock, which brokers accept; a request older than the retention of the
 * decisions topic has a decision that the broker deletes soon.
 */
final class DecisionSender {
  private final ProcessorContext<byte[], byte[]> context;
  private final String sink;
  private final String topic;
  private final WeirSerdes serdes;
  private final DecisionRecords records;
  private final TopologyMetrics metrics;

  DecisionSender(
      ProcessorContext<byte[], byte[]> context,
      String sink,
      String topic,
      WeirSerdes serdes,
      TopologyMetrics metrics) {
    this.context = context;
    this.sink = sink;
    this.topic = topic;
    this.serdes = serdes;
    this.records = new DecisionRecords(topic, serdes.decided());
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
    byte[] value = forward(DecidedRequest.of(requestId, domain, decision), streamMillis);
    metrics.decided(domain, ruled, decision);
    return value;
  }

  /**
   * Sends one decision by rules of its domain.
   *
   * @param duplicate whether it is an earlier one that is repeated
   * @param streamMillis the record's time in the stream, in milliseconds since the epoch
   */
  void send(
      String requestId, String domain, Decision decision, boolean duplicate, long streamMillis) {
    forward(DecidedRequest.of(requestId, domain, decision, duplicate), streamMillis);
    if (duplicate) {
      metrics.duplicated();
    } else {
      metrics.decided(domain, true, decision);
    }
  }

  private byte[] forward(DecidedRequest decided, long streamMillis) {
    Record<byte[], byte[]> sent = records.of(decided, streamMillis);
    context.forward(sent, sink);
    return sent.value();
  }

  /**
   * Sends a decision once more, as that on a duplicate of its request.
   *
   * @param first the value of its record
   * @param streamMillis the duplicate's own time
   */
  void repeat(byte[] first, long streamMillis) {
    io.weir.schemas.Decision decision = serdes.decisions().deserializer().deserialize(topic, first);
    String key =
        decision.getIdentifier() == null ? decision.getRequestId() : decision.getIdentifier();
    context.forward(
        Records.of(
            serdes.decisions(),
            topic,
            key,
            io.weir.schemas.Decision.newBuilder(decision).setDuplicate(true).build(),
            streamMillis,
            DecisionRecords.headers(decision.getRequestId().getBytes(StandardCharsets.UTF_8))),
        sink);
    metrics.duplicated();
  }
}
