package io.weir.streams.topology;

import io.weir.schemas.LimitCheck;
import io.weir.schemas.RequestChecks;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;

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
      context.forward(
          Records.of(
              serdes.requestChecks(),
              TopologyNames.requestChecksTopic(context.applicationId()),
              requestKey.get(),
              new RequestChecks(ofRequest.stream().map(checks::toRecord).toList()),
              timestampMillis),
          TopologyNames.REQUEST_CHECKS_OUT);
    } else {
      ofRequest.forEach(check -> send(checks.toRecord(check), timestampMillis));
    }
  }

  /** Sends one check to the partition of its identifier. */
  void send(LimitCheck check, long timestampMillis) {
    context.forward(
        Records.of(
            serdes.checks(),
            TopologyNames.checksTopic(context.applicationId()),
            check.getIdentifier(),
            check,
            timestampMillis),
        checksOut);
  }
}
