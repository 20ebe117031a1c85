package io.weir.streams.topology;

import java.util.List;

/**
 * Judges checks by the rows of the task at hand, and sends what was decided. Those of requests with
 * several identifiers go to their partitions, as not all of them can be here.
 */
record JudgeInPlace(SingleRequests requests, ExpirySteps expiry, CheckTaker elsewhere)
    implements CheckTaker {

  @Override
  public void take(List<RequestCheck> checks, long timestampMillis) throws InvalidRecordException {
    if (checks.size() > 1) {
      elsewhere.take(checks, timestampMillis);
    } else {
      requests.decide(checks.get(0), timestampMillis);
    }
  }

  @Override
  public void close() {
    expiry.close();
  }
}
