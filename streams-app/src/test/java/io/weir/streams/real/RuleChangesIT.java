package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.rule.Identifiers;
import io.weir.schemas.Decision;
import io.weir.schemas.Reason;
import io.weir.schemas.Verdict;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.AllOrNothing.Judging;
import io.weir.streams.real.AllOrNothing.TimeOuts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rules that change while requests come in: no request is lost or undecided, each is judged under
 * the one revision that its decision names, and what was used carries over as in one place.
 */
@ExtendWith(RealBroker.class)
class RuleChangesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String BUCKET =
      "{algorithm: token_bucket, unit: second, requests_per_unit: 20, burst: 30}";

  @Test
  void everyRequestIsJudgedUnderTheRevisionThatItsDecisionNames(
      KafkaProcess kafka, RegistryProcess registry, @TempDir Path stateDir) throws Exception {
    RunningWeir weir = RunningWeir.create(kafka, registry, stateDir, Map.of("threads", "2"));
    weir.deleteRules("nobody"); // Offset 0 would be the revision of decisions without rules, too.
    Map<Long, String> revisions = new TreeMap<>();
    revisions.put(1L, Traffic.RULES);
    revisions.put(2L, changed("{algorithm: token_bucket, unit: second, requests_per_unit: 60}"));
    revisions.put(3L, changed("{algorithm: token_bucket, unit: second, requests_per_unit: 2}"));
    revisions.put(
        4L, changed("{algorithm: sliding_window_log, unit: second, requests_per_unit: 9}"));
    weir.applyRules(Traffic.RULES);
    int sent;
    try (WeirApplication application = weir.start();
        Load load = Load.on(weir, Traffic::request)) {
      awaitDecision(weir, decision -> decision.getReason() == Reason.OVER_LIMIT);
      for (long revision = 2; revision <= 4; revision++) {
        weir.applyRules(Objects.requireNonNull(revisions.get(revision)));
        awaitRevision(weir, revision);
      }
      weir.deleteRules("api");
      awaitDecision(
          weir,
          decision -> decision.getReason() == Reason.NO_RULE && decision.getDomain().equals("api"));
      revisions.put(6L, Traffic.RULES);
      weir.applyRules(Traffic.RULES);
      awaitRevision(weir, 6);
      load.close();
      sent = load.sent();
      int all = sent;
      await()
          .atMost(PATIENCE)
          .until(() -> weir.committed(weir.topicName("decisions")).size() >= all);
      assertThat(application.exit()).isNotDone();
    }

    Oracle oracle = new Oracle(weir, revisions, Duration.ofMinutes(5));
    Map<String, Decision> decisions = oracle.decisions();
    assertThat(decisions).hasSize(sent);
    assertThat(oracle.assertAgrees(decisions).denied()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exactly_once_v2", "at_least_once"})
  void requestsWithSeveralIdentifiersAreAllOrNothingWhileRulesChange(
      String guarantee, KafkaProcess kafka, RegistryProcess registry, @TempDir Path stateDir)
      throws Exception {
    RunningWeir weir =
        RunningWeir.create(
            kafka, registry, stateDir, Map.of("threads", "2", "processing.guarantee", guarantee));
    weir.deleteRules("nobody");
    weir.applyRules(SeveralTraffic.RULES);
    try (WeirApplication application = weir.start();
        KafkaConsumer<byte[], byte[]> decisions = weir.consumerAtEnd("decisions");
        Load load = Load.on(weir, new CorrectedTraffic(SeveralTraffic::request, weir, decisions))) {
      awaitDenial(weir, 1);
      weir.applyRules(SeveralTraffic.RAISED_RULES);
      awaitDenial(weir, 2);
      weir.applyRules(SeveralTraffic.LOWERED_RULES);
      awaitDenial(weir, 3);
      weir.applyRules(SeveralTraffic.OTHER_RULES);
      awaitDenial(weir, 4);
      weir.deleteRules("api");
      awaitDecision(weir, decision -> decision.getRulesRevision() == 0);
      weir.applyRules(SeveralTraffic.RULES);
      awaitDenial(weir, 6);
      load.close();
      weir.awaitDecisions(load.sent());
      Run.awaitReleases(weir);
      assertThat(application.exit()).isNotDone();
    }

    AllOrNothing.Summary summary =
        new AllOrNothing(SeveralTraffic.changingRules(), Judging.REKEYED, TimeOuts.NONE)
            .assertHolds(Run.of(weir));
    assertThat(summary.requests().keySet()).containsExactly(0, 1, 2, 3);
    assertThat(summary.released().keySet()).containsExactly(1L, 2L, 3L, 4L, 6L);
    assertThat(summary.corrected().keySet())
        .containsExactly(io.weir.limiter.Reason.REFUNDED, io.weir.limiter.Reason.RESET);
  }

  /** Waits until something was denied that several identifiers were asked about. */
  private static void awaitDenial(RunningWeir weir, long revision) {
    awaitDecision(
        weir,
        decision ->
            decision.getRulesRevision() == revision
                && decision.getVerdict() == Verdict.DENY
                && decision.getStatuses().stream()
                        .map(status -> Identifiers.identifierOf(status.getStateKey()))
                        .distinct()
                        .count()
                    > 1);
  }

  private static String changed(String usersLimit) {
    assertThat(Traffic.RULES).contains(BUCKET);
    return Traffic.RULES.replace(BUCKET, usersLimit);
  }

  private static void awaitRevision(RunningWeir weir, long revision) {
    awaitDecision(
        weir,
        decision -> decision.getRulesRevision() == revision && !decision.getStatuses().isEmpty());
  }

  private static void awaitDecision(RunningWeir weir, Predicate<Decision> wanted) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () ->
                weir.committed(weir.topicName("decisions")).stream()
                    .map(weir::decision)
                    .anyMatch(wanted));
  }
}
