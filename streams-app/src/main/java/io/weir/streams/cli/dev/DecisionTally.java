package io.weir.streams.cli.dev;

import io.weir.schemas.Decision;
import io.weir.schemas.Verdict;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts the decisions for the given users' requests, and no others. Thread-safe. */
final class DecisionTally {
  private final Set<String> users;
  private final Map<String, Count> byUser = new HashMap<>();
  private long allowed;
  private long denied;

  DecisionTally(Collection<DevUser> users) {
    this.users = users.stream().map(DevUser::name).collect(Collectors.toUnmodifiableSet());
  }

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
    String requestId = decision.getRequestId();
    String user = requestId.substring(0, Math.max(0, requestId.lastIndexOf('-')));
    if (!users.contains(user)) {
      return; // Somebody tries out ./weir send meanwhile.
    }
    boolean allow = decision.getVerdict() == Verdict.ALLOW;
    allowed += allow ? 1 : 0;
    denied += allow ? 0 : 1;
    byUser.merge(
        user,
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
