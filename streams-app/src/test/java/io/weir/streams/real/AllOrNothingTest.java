package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Decision;
import io.weir.limiter.Reason;
import io.weir.limiter.Verdict;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.RuleSet;
import io.weir.streams.real.AllOrNothing.Judging;
import io.weir.streams.real.AllOrNothing.TimeOuts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the checker of runs accepts what is right and sees each kind of wrong. */
class AllOrNothingTest {
  private static final int REQUESTS = 1_000;
  private static final RuleSet RULES = TopicRecords.rules(SeveralTraffic.RULES);

  private final AllOrNothing checker = checker(TimeOuts.NONE);
  private final Run honest = honest(1);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anHonestRunIsAccepted(long seed) {
    AllOrNothing.Summary summary = checker.assertHolds(honest(seed));

    assertThat(summary.requests().keySet()).containsExactly(1, 2, 3);
    assertThat(summary.requests().values()).allMatch(count -> count > REQUESTS / 4);
    assertThat(summary.denied()).isBetween(REQUESTS / 5, REQUESTS * 9 / 10);
    assertThat(summary.released().get(0L)).isGreaterThan(REQUESTS / 10L);
  }

  @Test
  void aMissingReleaseIsSeen() {
    assertRefused(released(releases -> releases.subList(1, releases.size())), "is released");
  }

  @Test
  void aReleaseTwiceIsSeen() {
    assertRefused(released(releases -> with(releases, releases.get(0))), "duplicate(s)");
  }

  @Test
  void aReleaseOfSomeOfTheRowsIsSeen() {
    Run.Released whole =
        honest.releases().stream()
            .filter(it -> it.stateKeys().size() > 1)
            .findFirst()
            .orElseThrow();
    Run.Released half =
        new Run.Released(whole.id(), whole.identifier(), whole.stateKeys().subList(0, 1));
    assertRefused(
        released(releases -> releases.stream().map(it -> it.equals(whole) ? half : it).toList()),
        "is released");
  }

  @Test
  void aReleaseThatNoOrderAllowsIsSeen() {
    assertRefused(
        released(
            releases ->
                IntStream.range(0, releases.size())
                    .mapToObj(i -> releases.get(releases.size() - 1 - i))
                    .toList()),
        "no order of its events");
  }

  @Test
  void aWrongVerdictIsSeen() {
    assertRefused(
        decided(several(), it -> verdict(it, Verdict.DENY)), "the verdict over the answers");
  }

  @Test
  void aWrongVerdictOnOneIdentifierIsSeen() {
    assertRefused(decided(single(), it -> verdict(it, Verdict.DENY)), "no order of its events");
  }

  @Test
  void aTimeOutIsSeenWhereThereMayBeNone() {
    assertRefused(decided(several(), AllOrNothingTest::timedOut), "the verdict over the answers");
  }

  @Test
  void aTimeOutThatDoesNotFitItsAnswersIsSeen() {
    Run run = decided(several(), AllOrNothingTest::timedOut);
    assertThatThrownBy(() -> checker(TimeOuts.SOME).assertHolds(run))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("with some of its answers");
  }

  @Test
  void aSecondDecisionIsSeen() {
    assertRefused(
        withDecisions(with(honest.decisions(), honest.decisions().get(0))), "a second decision");
  }

  @Test
  void aRequestWithoutADecisionIsSeen() {
    assertRefused(
        withDecisions(honest.decisions().subList(1, REQUESTS)), "requests with a decision");
  }

  @Test
  void aMissingAnswerIsSeen() {
    assertRefused(withAnswers(honest.answers().subList(1, honest.answers().size())), "an answer");
  }

  @Test
  void aMissingCheckIsSeen() {
    assertRefused(
        withChecks(honest.checks().subList(1, honest.checks().size())), "the checks of request");
  }

  @Test
  void aCheckByOtherLimitsIsSeen() {
    Run.Checked first = honest.checks().get(0);
    Run.Checked other =
        honest.checks().stream()
            .filter(it -> !it.limits().equals(first.limits()))
            .findFirst()
            .orElseThrow();
    List<Run.Checked> checks = new ArrayList<>(honest.checks());
    checks.set(0, with(first, other.limits(), first.rulesRevision()));
    assertRefused(withChecks(checks), "the checks of request");
  }

  @Test
  void aHoldThatIsLeftForADeniedRequestIsSeen() {
    Run.Released release = honest.releases().get(0);
    String stateKey = release.stateKeys().get(0);
    Map<String, StoredLimit> rows = new HashMap<>(honest.rows());
    StoredLimit row = Objects.requireNonNull(honest.rows().get(stateKey));
    rows.put(stateKey, row.holding(release.id(), row.state().lastMillis(), 1, AllOrNothing.BOUNDS));
    assertRefused(
        new Run(
            honest.requests(),
            honest.checks(),
            honest.answers(),
            honest.releases(),
            honest.decisions(),
            rows),
        "holds of " + stateKey);
  }

  /** By itself: in a whole run, other requirements would see it before. */
  @Test
  void anOverAdmissionIsSeen() {
    Map<String, List<Run.Checked>> checks = new HashMap<>();
    honest
        .checks()
        .forEach(it -> checks.computeIfAbsent(it.identifier(), key -> new ArrayList<>()).add(it));
    Map<Run.Part, Run.Answered> answers = new HashMap<>();
    honest.answers().forEach(it -> answers.put(it.part(), it));
    Map<String, Decision> decisions = new HashMap<>();
    honest.decisions().forEach(it -> decisions.put(it.requestId(), it.decision()));
    Admitted admitted = new Admitted(answers, decisions);
    checks.values().forEach(admitted::assertFits);

    // As if each denied request had been let in where it was within the limits by itself.
    decisions.replaceAll((requestId, decision) -> verdict(decision, Verdict.ALLOW));
    assertThatThrownBy(() -> checks.values().forEach(admitted::assertFits))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is within its limits");
  }

  private static Run honest(long seed) {
    return SimulatedRun.of(RULES, SeveralTraffic::request, REQUESTS, seed);
  }

  private static AllOrNothing checker(TimeOuts timeOuts) {
    return new AllOrNothing(RULES, Judging.REKEYED, timeOuts);
  }

  private void assertRefused(Run run, String reason) {
    assertThatThrownBy(() -> checker.assertHolds(run))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(reason);
  }

  /** A request with several identifiers that was allowed. */
  private String several() {
    return allowed(true);
  }

  /** A request with one identifier that was allowed and charged. */
  private String single() {
    return allowed(false);
  }

  private String allowed(boolean several) {
    return honest.checks().stream()
        .filter(it -> it.part().isPresent() == several && it.isCharge())
        .map(Run.Checked::requestId)
        .filter(
            id ->
                honest.decisions().stream()
                    .anyMatch(it -> it.requestId().equals(id) && it.decision().isAllowed()))
        .findFirst()
        .orElseThrow();
  }

  private Run decided(String requestId, UnaryOperator<Decision> change) {
    return withDecisions(
        honest.decisions().stream()
            .map(
                it ->
                    it.requestId().equals(requestId)
                        ? new Run.Decided(requestId, change.apply(it.decision()))
                        : it)
            .toList());
  }

  private static Decision verdict(Decision decision, Verdict verdict) {
    return changed(decision, verdict, decision.reason());
  }

  private static Decision timedOut(Decision decision) {
    return changed(decision, Verdict.DENY, Reason.TIMEOUT);
  }

  private static Decision changed(Decision decision, Verdict verdict, Reason reason) {
    return new Decision(
        verdict,
        reason,
        decision.message(),
        decision.identifierText(),
        decision.statuses(),
        decision.retryAfterMillis(),
        decision.delayMillis(),
        decision.rulesRevision(),
        decision.timestampMillis(),
        decision.nowMillis());
  }

  private static Run.Checked with(
      Run.Checked checked, List<ApplicableLimit> limits, long rulesRevision) {
    return new Run.Checked(
        checked.requestId(),
        checked.part(),
        checked.task(),
        checked.identifier(),
        limits,
        checked.timestampMillis(),
        rulesRevision);
  }

  private static <T> List<T> with(List<T> all, T more) {
    List<T> list = new ArrayList<>(all);
    list.add(more);
    return list;
  }

  private Run withDecisions(List<Run.Decided> decisions) {
    return new Run(
        honest.requests(),
        honest.checks(),
        honest.answers(),
        honest.releases(),
        decisions,
        honest.rows());
  }

  private Run withAnswers(List<Run.Answered> answers) {
    return new Run(
        honest.requests(),
        honest.checks(),
        answers,
        honest.releases(),
        honest.decisions(),
        honest.rows());
  }

  private Run withChecks(List<Run.Checked> checks) {
    return new Run(
        honest.requests(),
        checks,
        honest.answers(),
        honest.releases(),
        honest.decisions(),
        honest.rows());
  }

  private Run released(UnaryOperator<List<Run.Released>> change) {
    return new Run(
        honest.requests(),
        honest.checks(),
        honest.answers(),
        change.apply(honest.releases()),
        honest.decisions(),
        honest.rows());
  }
}
