package io.weir.streams.cli.dev;

import io.weir.schemas.Decision;
import io.weir.schemas.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts decisions by who asked. Thread-safe. */
final class DecisionTally {
  private final Map<String, Count> byUser = new HashMap<>();
  private long allowed;
  private long denied;

  /**
   * What became of one user's requests.
   *
   * @param allowed requests that were allowed
   * @param denied requests that were denied
   * @param last the decision that came last
   */
  record Count(long allowed, long denied, Decision last) {}

  /** Takes one decision; the user is what stands before the last dash of the request id. */
  synchronized void take(Decision decision) {
    boolean allow = decision.getVerdict() == Verdict.ALLOW;
    allowed += allow ? 1 : 0;
    denied += allow ? 0 : 1;
    String requestId = decision.getRequestId();
    int dash = requestId.lastIndexOf('-');
    byUser.merge(
        dash < 0 ? requestId : requestId.substring(0, dash),
        new Count(allow ? 1 : 0, allow ? 0 : 1, decision),
        (before, one) ->
            new Count(before.allowed() + one.allowed(), before.denied() + one.denied(), decision));
  }

  /** What became of a user's requests; empty if there is no decision yet. */
  synchronized Optional<Count> of(String user) {
    return Optional.ofNullable(byUser.get(user));
  }

  /** Decisions that allow. */
  synchronized long allowed() {
    return allowed;
  }

  /** Decisions that deny. */
  synchronized long denied() {
    return denied;
  }

  /** All decisions. */
  synchronized long decisions() {
    return allowed + denied;
  }
}
