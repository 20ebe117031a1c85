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
 *
 * <p>A crash takes from the rows what was charged since the last commit, though its decisions went
 * out. It is judged again, among releases that come in another order then, and a few answers
 * differ, in both directions: so others may have the tokens of a request that was allowed. What had
 * tokens once and is refused them by the last answer is not counted, then.
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
    assertWithinLimits(run, allowed);
    int changed = allowed.size() + denied.size() - decided.size();
    denied.removeAll(allowed);
    assertHoldsNothing(run, denied);
    return new Summary(run.decisions().size() - decided.size(), changed);
  }

  private void assertWithinLimits(Run run, Set<String> allowed) {
    Set<Charge> takenAway = takenAway(run);
    Map<ApplicableLimit, Long> used = new HashMap<>();
    for (Run.Asked request : run.requests()) {
      String requestId = request.event().getRequestId();
      if (!allowed.contains(requestId)) {
        continue;
      }
      for (Run.Checked checked : expected.checks(request)) {
        if (!takenAway.contains(new Charge(requestId, checked.identifier()))) {
          long cost = checked.check().cost();
          checked.limits().forEach(limit -> used.merge(limit, cost, Long::sum));
        }
      }
    }
    assertThat(used)
        .as("tokens that allowed requests took, by limit")
        .allSatisfy((limit, cost) -> assertThat(cost).isLessThanOrEqualTo(limit.limit().burst()));
  }

  /** What an identifier was asked for by a request. */
  private record Charge(String requestId, String identifier) {}

  /** What was admitted, and refused when it was judged for the last time. */
  private Set<Charge> takenAway(Run run) {
    Map<Charge, Boolean> last = new HashMap<>();
    Set<Charge> admitted = new HashSet<>();
    run.answers()
        .forEach(
            it -> {
              Charge charge = new Charge(it.requestId(), it.answer().identifierText().toString());
              boolean isHeld = !it.answer().heldKeys().isEmpty();
              last.put(charge, isHeld);
              if (isHeld) {
                admitted.add(charge);
              }
            });
    Map<String, String> identifiers = new HashMap<>(); // Of requests that have but one.
    for (Run.Asked request : run.requests()) {
      List<Run.Checked> checks = expected.checks(request);
      if (checks.size() == 1) {
        identifiers.put(request.event().getRequestId(), checks.get(0).identifier());
      }
    }
    for (Run.Decided decided : run.decisions()) {
      String identifier = identifiers.get(decided.requestId());
      if (identifier != null) {
        Charge charge = new Charge(decided.requestId(), identifier);
        last.put(charge, decided.decision().isAllowed());
        if (decided.decision().isAllowed()) {
          admitted.add(charge);
        }
      }
    }
    admitted.removeIf(charge -> Boolean.TRUE.equals(last.get(charge)));
    return admitted;
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
