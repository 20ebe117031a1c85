package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.RuleSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What at-least-once promises even where an instance crashes, of a {@link Run} that is short for
 * the periods of its limits: every request has a decision, no identifier is over a limit if each
 * request counts once, and nothing is held for a request that was denied.
 */
final class AtLeastOnce {
  private final Expected expected;

  AtLeastOnce(RuleSet rules) {
    this.expected = new Expected(rules);
  }

  /**
   * What the comparison was about.
   *
   * @param repeated decisions beyond the first of a request
   * @param changed requests that were allowed and denied
   */
  record Summary(int repeated, int changed) {}

  /** Fails where a requirement is not met. */
  Summary assertHolds(Run run) {
    Set<String> allowed = new HashSet<>();
    Set<String> denied = new HashSet<>();
    run.decisions()
        .forEach(it -> (it.decision().isAllowed() ? allowed : denied).add(it.requestId()));
    Set<String> decided = new HashSet<>(allowed);
    decided.addAll(denied);
    assertThat(run.requests())
        .as("requests have a decision")
        .allMatch(it -> decided.contains(it.event().getRequestId()));
    assertWithinLimits(run.requests(), allowed);
    int changed = allowed.size() + denied.size() - decided.size();
    denied.removeAll(allowed);
    assertHoldsNothing(run, denied);
    return new Summary(run.decisions().size() - decided.size(), changed);
  }

  private void assertWithinLimits(List<Run.Asked> requests, Set<String> allowed) {
    Map<ApplicableLimit, Long> used = new HashMap<>();
    for (Run.Asked request : requests) {
      if (allowed.contains(request.event().getRequestId())) {
        for (Run.Checked checked : expected.checks(request)) {
          long cost = checked.check().cost();
          checked.limits().forEach(limit -> used.merge(limit, cost, Long::sum));
        }
      }
    }
    assertThat(used)
        .as("tokens that allowed requests took, by limit")
        .allSatisfy((limit, cost) -> assertThat(cost).isLessThanOrEqualTo(limit.limit().burst()));
  }

  private static void assertHoldsNothing(Run run, Set<String> denied) {
    Set<HoldId> ids = new HashSet<>();
    run.requests().stream()
        .filter(it -> denied.contains(it.event().getRequestId()))
        .forEach(it -> ids.add(it.id()));
    run.rows()
        .forEach(
            (stateKey, row) ->
                assertThat(row.holds())
                    .as("holds of %s for denied requests", stateKey)
                    .noneMatch(hold -> ids.contains(hold.id())));
  }
}
