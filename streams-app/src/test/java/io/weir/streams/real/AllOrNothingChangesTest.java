package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.real.AllOrNothing.Judging;
import io.weir.streams.real.AllOrNothing.TimeOuts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the checker sees what is wrong in runs with changing rules, refunds and resets. */
class AllOrNothingChangesTest {
  private static final int REQUESTS = 3_000;
  private static final Map<Long, RuleSet> RULES = SeveralTraffic.changingRules();

  private final Run honest = honest(1);
  private final Map<String, Decision> decisions =
      honest.decisions().stream()
          .collect(Collectors.toMap(Run.Decided::requestId, Run.Decided::decision));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anHonestRunIsAccepted(long seed) {
    AllOrNothing.Summary summary = checker().assertHolds(honest(seed));

    assertThat(summary.requests().keySet()).containsExactly(0, 1, 2, 3);
    assertThat(summary.released().keySet()).containsExactly(1L, 2L, 3L, 4L, 6L);
    assertThat(summary.corrected().keySet()).containsExactly(Reason.REFUNDED, Reason.RESET);
    assertThat(summary.corrected().get(Reason.REFUNDED)).isGreaterThan(REQUESTS / 50);
  }

  @Test
  void aCheckUnderAnotherRevisionThanItsSiblingsIsSeen() {
    Run.Checked check =
        last(honest.checks(), it -> it.part().isPresent() && it.rulesRevision() == 1);
    assertRefused(
        withCheck(check, with(check, check.task(), check.limits(), 2)),
        "the checks of request " + check.requestId());
  }

  @Test
  void aCheckByTheLimitsOfAnotherRevisionIsSeen() {
    Run.Checked check =
        last(honest.checks(), it -> it.part().isPresent() && it.rulesRevision() == 2);
    List<ApplicableLimit> others =
        last(
                honest.checks(),
                it -> it.rulesRevision() == 3 && it.identifier().equals(check.identifier()))
            .limits();
    assertThat(others).isNotEqualTo(check.limits());
    assertRefused(
        withCheck(check, with(check, check.task(), others, 2)),
        "the checks of request " + check.requestId());
  }

  @Test
  void anAnswerUnderAnotherRevisionIsSeen() {
    Run.Answered answer = last(honest.answers(), it -> it.rulesRevision() == 2);
    assertRefused(
        withAnswer(
            answer,
            new Run.Answered(
                answer.requestId(), answer.part(), 3, answer.timestampMillis(), answer.answer())),
        "the answer to request " + answer.requestId());
  }

  @Test
  void aDecisionThatNamesAnotherRevisionIsSeen() {
    // It is the last one of its partition under its revision, so only its checks tell.
    String request = lastRequest(2);
    assertRefused(
        withDecision(request, named(decision(request), 3)), "the checks of request " + request);
  }

  @Test
  void aDecisionThatNamesNoRevisionThoughThereWasOneIsSeen() {
    String request = lastRequest(4);
    assertRefused(
        withDecision(request, named(decision(request), 0)),
        "request " + request + ", which no limit applies to");
  }

  @Test
  void aDecisionThatNamesARevisionThatNeverWasIsSeen() {
    String request = lastRequest(4);
    assertRefused(
        withDecision(request, named(decision(request), 5)),
        "the revision that request " + request + " names");
  }

  @Test
  void aDecisionThatNamesARevisionThatWasOverIsSeen() {
    String request = lastRequest(4);
    assertRefused(
        withDecision(request, named(decision(request), 3)),
        "a revision that was over when request " + request + " came");
  }

  @Test
  void anotherReasonWhereNoRuleMatchesIsSeen() {
    String request =
        last(honest.decisions(), it -> it.decision().reason() == Reason.NO_RULE).requestId();
    assertRefused(
        withDecision(request, reasoned(decision(request), Reason.UNLIMITED)),
        "request " + request + ", which no limit applies to");
  }

  @Test
  void aRefundThatIsAnsweredLikeACheckIsSeen() {
    String request =
        last(honest.answers(), it -> decision(it.requestId()).reason() == Reason.REFUNDED)
            .requestId();
    assertRefused(
        withDecision(request, reasoned(decision(request), Reason.WITHIN_LIMIT)),
        "the verdict over the answers to request " + request);
  }

  @Test
  void aRefundOfAnotherCostIsSeen() {
    Run.Checked check = last(honest.checks(), it -> it.task() instanceof Run.Task.Refund);
    Run.Task.Refund refund = (Run.Task.Refund) check.task();
    assertRefused(
        withCheck(
            check,
            with(
                check,
                new Run.Task.Refund(refund.cost() + 1, refund.chargedAtMillis()),
                check.limits(),
                check.rulesRevision())),
        "the checks of request " + check.requestId());
  }

  @Test
  void aResetThatIsNotCarriedOutIsSeen() {
    String request =
        last(honest.checks(), it -> it.task() instanceof Run.Task.Reset && it.part().isEmpty())
            .requestId();
    // As if who was reset had still nothing left.
    assertRefused(withDecision(request, spent(decision(request))), "no order of its events");
  }

  @Test
  void rowsThatNothingLeftAreSeen() {
    StoredLimit row = honest.rows().values().iterator().next();
    Map<String, StoredLimit> rows = new HashMap<>(honest.rows());
    rows.put("api/user_id=nobody|#", row);
    assertRefused(withRows(rows), "api/user_id=nobody: no order of its events");
  }

  @Test
  void aRowThatIsLostIsSeen() {
    Map<String, StoredLimit> rows = new HashMap<>(honest.rows());
    rows.remove(honest.rows().keySet().iterator().next());
    assertRefused(withRows(rows), "which leaves");
  }

  private static Run honest(long seed) {
    return SimulatedRun.of(RULES, new CorrectedTraffic(SeveralTraffic::request), REQUESTS, seed);
  }

  private static AllOrNothing checker() {
    return new AllOrNothing(RULES, Judging.REKEYED, TimeOuts.NONE);
  }

  private static void assertRefused(Run run, String reason) {
    assertThatThrownBy(() -> checker().assertHolds(run))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(reason);
  }

  private static <T> T last(List<T> all, Predicate<T> wanted) {
    return all.stream().filter(wanted).reduce((earlier, later) -> later).orElseThrow();
  }

  private Decision decision(String requestId) {
    return Objects.requireNonNull(decisions.get(requestId));
  }

  /** The last request of a partition under a revision; it has several identifiers. */
  private String lastRequest(long revision) {
    Run.Asked last =
        last(
            honest.requests(),
            it ->
                it.id().high() == 1
                    && decision(it.event().getRequestId()).rulesRevision() == revision);
    String requestId = last.event().getRequestId();
    assertThat(honest.answers()).anyMatch(it -> it.requestId().equals(requestId));
    return requestId;
  }

  private static Decision named(Decision decision, long revision) {
    return changed(decision, decision.reason(), decision.statuses(), revision);
  }

  private static Decision reasoned(Decision decision, Reason reason) {
    return changed(decision, reason, decision.statuses(), decision.rulesRevision());
  }

  private static Decision spent(Decision decision) {
    List<LimitStatus> statuses =
        decision.statuses().stream()
            .map(
                it ->
                    new LimitStatus(
                        KeyText.of(it.stateKey()),
                        it.rule(),
                        it.limit(),
                        it.mode(),
                        it.verdict(),
                        0,
                        it.resetAtMillis(),
                        it.retryAfterMillis(),
                        it.delayMillis()))
            .toList();
    return changed(decision, decision.reason(), statuses, decision.rulesRevision());
  }

  private static Decision changed(
      Decision decision, Reason reason, List<LimitStatus> statuses, long revision) {
    return new Decision(
        decision.verdict(),
        reason,
        decision.message(),
        decision.identifierText(),
        statuses,
        decision.retryAfterMillis(),
        decision.delayMillis(),
        revision,
        decision.timestampMillis(),
        decision.nowMillis());
  }

  private static Run.Checked with(
      Run.Checked check, Run.Task task, List<ApplicableLimit> limits, long revision) {
    return new Run.Checked(
        check.requestId(),
        check.part(),
        task,
        check.identifier(),
        limits,
        check.timestampMillis(),
        revision);
  }

  private Run withCheck(Run.Checked check, Run.Checked other) {
    return with(
        replaced(honest.checks(), check, other),
        honest.answers(),
        honest.decisions(),
        honest.rows());
  }

  private Run withAnswer(Run.Answered answer, Run.Answered other) {
    return with(
        honest.checks(),
        replaced(honest.answers(), answer, other),
        honest.decisions(),
        honest.rows());
  }

  private Run withDecision(String requestId, Decision other) {
    Run.Decided decided = last(honest.decisions(), it -> it.requestId().equals(requestId));
    return with(
        honest.checks(),
        honest.answers(),
        replaced(honest.decisions(), decided, new Run.Decided(requestId, other)),
        honest.rows());
  }

  private Run withRows(Map<String, StoredLimit> rows) {
    return with(honest.checks(), honest.answers(), honest.decisions(), rows);
  }

  private Run with(
      List<Run.Checked> checks,
      List<Run.Answered> answers,
      List<Run.Decided> decided,
      Map<String, StoredLimit> rows) {
    return new Run(honest.requests(), checks, answers, honest.releases(), decided, rows);
  }

  private static <T> List<T> replaced(List<T> all, T one, T other) {
    return all.stream().map(it -> it.equals(one) ? other : it).toList();
  }
}
