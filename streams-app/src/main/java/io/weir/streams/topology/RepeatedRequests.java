package io.weir.streams.topology;

import io.weir.limiter.algorithm.HoldId;
import io.weir.schemas.LimitCheck;
import io.weir.streams.store.Duplicates;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;

/**
 * Finds duplicates of requests with several identifiers before anything is held for them: the first
 * is checked; those that come while it is undecided wait for its decision, and those that come
 * later get it at once. For the task's thread.
 *
 * @param streamTimeMillis the task's stream time
 */
record RepeatedRequests(
    Duplicates duplicates,
    DecisionSender decisions,
    CheckSender checks,
    LongSupplier streamTimeMillis) {

  /**
   * Takes a request.
   *
   * @param ofRequest its checks
   * @param timestampMillis its own time
   */
  void take(List<LimitCheck> ofRequest, long timestampMillis) {
    HoldRef hold = HoldRef.of(ofRequest.get(0).getHold());
    Bytes request = bytes(hold.requestKey().orElseThrow());
    Optional<byte[]> first = duplicates.decision(request, streamTimeMillis.getAsLong());
    if (first.isPresent()) {
      decisions.repeat(first.get(), timestampMillis);
      return;
    }
    Optional<HoldId> undecided = duplicates.undecided(request, streamTimeMillis.getAsLong());
    if (undecided.isPresent() && !undecided.get().equals(hold.id())) {
      duplicates.addWaiting(request, hold.id(), timestampMillis);
      return;
    }
    // The same record once more, at least once: its checks may not have gone out.
    if (undecided.isEmpty()) {
      duplicates.begin(request, hold.id(), streamTimeMillis.getAsLong());
    }
    ofRequest.forEach(check -> checks.send(check, timestampMillis));
  }

  /**
   * Notes the decision on a request that was checked, and sends it to those that waited.
   *
   * @param isFinal whether it is remembered for those that come later: who was denied because
   *     answers did not come in time may try again
   */
  void decided(String requestKey, byte[] decision, boolean isFinal) {
    Bytes request = bytes(requestKey);
    if (isFinal) {
      duplicates.decided(request, decision, streamTimeMillis.getAsLong());
    } else {
      duplicates.forget(request);
    }
    duplicates
        .takeWaiting(request)
        .forEach(timestampMillis -> decisions.repeat(decision, timestampMillis));
  }

  private static Bytes bytes(String requestKey) {
    return Bytes.wrap(requestKey.getBytes(StandardCharsets.UTF_8));
  }
}
