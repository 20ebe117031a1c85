package io.weir.streams.topology;

import io.weir.schemas.RequestChecks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends the checks of requests to the partitions of their identifiers; and, where duplicates are
 * found, those of a request with several identifiers to its own partition first. For the thread of
 * one task.
 *
 * @param checksOut the node that leads to the topic of checks
 */
record CheckSender(
    ProcessorContext<byte[], byte[]> context,
    WeirSerdes serdes,
    LimitChecks checks,
    String checksOut)
    implements CheckTaker {

  @Override
  public void take(List<RequestCheck> ofRequest, long timestampMillis) {
    Optional<String> requestKey = ofRequest.get(0).hold().flatMap(HoldRef::requestKey);
    if (requestKey.isPresent()) {
      forward(
          requestKey.get(),
          serdes.requestChecks().serializer(),
          TopologyNames.requestChecksTopic(context.applicationId()),
          new RequestChecks(ofRequest.stream().map(checks::toRecord).toList()),
          timestampMillis,
          TopologyNames.REQUEST_CHECKS_OUT);
    } else {
      ofRequest.forEach(check -> send(checks.toRecord(check), timestampMillis));
    }
  }

  /** Sends one check to the partition of its identifier. */
  void send(io.weir.schemas.LimitCheck check, long timestampMillis) {
    forward(
        check.getIdentifier(),
        serdes.checks().serializer(),
        TopologyNames.checksTopic(context.applicationId()),
        check,
        timestampMillis,
        checksOut);
  }

  private <T> void forward(
      String key,
      Serializer<T> serializer,
      String topic,
      T record,
      long timestampMillis,
      String node) {
    RecordHeaders headers = new RecordHeaders();
    byte[] value = serializer.serialize(topic, headers, record);
    context.forward(
        new Record<>(key.getBytes(StandardCharsets.UTF_8), value, timestampMillis, headers), node);
  }
}
