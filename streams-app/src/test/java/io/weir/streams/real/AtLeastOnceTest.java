package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.RuleSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That the checker of runs at least once accepts what is right and sees what is wrong. */
class AtLeastOnceTest {
  private static final int REQUESTS = 1_000;
  private static final RuleSet RULES = TopicRecords.rules(SeveralTraffic.YEARLY_RULES);

  private final AtLeastOnce checker = new AtLeastOnce(RULES);
  private final Run honest = SimulatedRun.of(RULES, SeveralTraffic::passingRequest, REQUESTS, 1);

  @Test
  void anHonestRunIsAcceptedThoughDecisionsAreRepeated() {
    assertThat(checker.assertHolds(honest)).isEqualTo(new AtLeastOnce.Summary(0, 0));

    List<Run.Decided> twice = new ArrayList<>(honest.decisions());
    twice.addAll(honest.decisions().subList(0, 10));
    assertThat(checker.assertHolds(with(twice, honest.rows())))
        .isEqualTo(new AtLeastOnce.Summary(10, 0));
  }

  @Test
  void aRequestWithoutADecisionIsSeen() {
    assertRefused(
        with(honest.decisions().subList(1, REQUESTS), honest.rows()), "requests have a decision");
  }

  @Test
  void anOverAdmissionIsSeen() {
    Run.Decided allowed =
        honest.decisions().stream()
            .filter(it -> it.decision().isAllowed())
            .findFirst()
            .orElseThrow();
    List<Run.Decided> decisions = new ArrayList<>(honest.decisions());
    decisions.replaceAll(it -> new Run.Decided(it.requestId(), allowed.decision()));
    assertRefused(with(decisions, honest.rows()), "tokens that allowed requests took");
  }

  @Test
  void whatACrashTookFromTheRowsMayBeAdmittedOnceMore() {
    Run.Decided allowed =
        honest.decisions().stream()
            .filter(it -> it.decision().isAllowed())
            .findFirst()
            .orElseThrow();
    List<Run.Decided> before = new ArrayList<>();
    for (Run.Decided decided : honest.decisions()) {
      if (!decided.decision().isAllowed() && isOfOneIdentifier(decided.requestId())) {
        before.add(new Run.Decided(decided.requestId(), allowed.decision()));
      }
    }
    assertThat(before).hasSizeGreaterThan(REQUESTS / 50);
    List<Run.Decided> decisions = new ArrayList<>(before);
    decisions.addAll(honest.decisions());
    assertThat(checker.assertHolds(with(decisions, honest.rows())))
        .isEqualTo(new AtLeastOnce.Summary(before.size(), before.size()));

    // The other way round they have the tokens that others have too.
    decisions = new ArrayList<>(honest.decisions());
    decisions.addAll(before);
    assertRefused(with(decisions, honest.rows()), "tokens that allowed requests took");
  }

  private boolean isOfOneIdentifier(String requestId) {
    return honest.answers().stream().noneMatch(it -> it.requestId().equals(requestId));
  }

  @Test
  void aHoldThatIsLeftForADeniedRequestIsSeen() {
    Run.Decided denied =
        honest.decisions().stream()
            .filter(it -> it.decision().verdict() == Verdict.DENY)
            .findFirst()
            .orElseThrow();
    HoldId id =
        honest.requests().stream()
            .filter(it -> it.event().getRequestId().equals(denied.requestId()))
            .findFirst()
            .orElseThrow()
            .id();
    Map<String, StoredLimit> rows = new HashMap<>(honest.rows());
    rows.replaceAll(
        (key, row) -> row.holding(id, row.state().lastMillis(), 1, AllOrNothing.BOUNDS));
    assertRefused(with(honest.decisions(), rows), "for denied requests");
  }

  private Run with(List<Run.Decided> decisions, Map<String, StoredLimit> rows) {
    return new Run(
        honest.requests(), honest.checks(), honest.answers(), honest.releases(), decisions, rows);
  }

  private void assertRefused(Run run, String reason) {
    assertThatThrownBy(() -> checker.assertHolds(run))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(reason);
  }
}
