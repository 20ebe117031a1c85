package io.weir.streams.topology;

import io.weir.streams.store.Duplicates;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;

/**
 * Decides requests with one identifier by the rows of the task at hand, and repeats what was
 * decided where one comes again. For the task's thread.
 *
 * @param duplicates what was decided; empty where that is not remembered
 * @param streamTimeMillis the task's stream time
 */
record SingleRequests(
    LimitJudge judge,
    DecisionSender decisions,
    Optional<Duplicates> duplicates,
    LongSupplier streamTimeMillis) {

  /**
   * Sends the decision on a request.
   *
   * @param timestampMillis the request's own time
   */
  void decide(RequestCheck check, long timestampMillis) {
    if (duplicates.isEmpty() || !RequestKey.hasDuplicates(check.task())) {
      send(check, timestampMillis);
      return;
    }
    Bytes request = key(check);
    long streamMillis = streamTimeMillis.getAsLong();
    Optional<byte[]> first = duplicates.get().decision(request, streamMillis);
    if (first.isPresent()) {
      decisions.repeat(first.get(), timestampMillis);
    } else {
      byte[] decision = send(check, timestampMillis);
      duplicates.get().decided(request, decision, streamMillis);
    }
  }

  private byte[] send(RequestCheck check, long timestampMillis) {
    return decisions.send(
        check.requestId(),
        check.domain(),
        true,
        judge.decide(check, timestampMillis),
        timestampMillis);
  }

  private static Bytes key(RequestCheck check) {
    String key = RequestKey.of(check.task(), check.requestId(), List.of(check.identifierText()));
    return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
  }
}
