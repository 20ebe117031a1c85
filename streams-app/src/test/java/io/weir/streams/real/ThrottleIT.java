package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Decision;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.query.Readiness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The throttle end to end: real requests through a real broker, several threads, exactly once. What
 * came out is held against the {@link Oracle}.
 */
@ExtendWith(RealBroker.class)
class ThrottleIT {
  private static final int REQUESTS = 50_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration LATENESS = Duration.ofMinutes(5);

  @Test
  void everyRequestHasOneDecisionAndTheOracleAgreesOverARestartAndARestore(
      KafkaProcess kafka, RegistryProcess registry, @TempDir Path stateDir) throws Exception {
    RunningWeir weir =
        RunningWeir.create(
            kafka, registry, stateDir, Map.of("threads", "2", "commit.interval", "100ms"));
    weir.applyRules(Traffic.RULES);

    try (WeirApplication first = weir.start()) {
      Batch.send(weir, Traffic::request, 0, 15_000);
      first.close();
      assertThat(first.exit().join().code()).isZero();
    }
    // What is sent now waits for the next one.
    Batch.send(weir, Traffic::request, 15_000, 25_000);
    try (WeirApplication restarted = weir.start()) {
      Batch.send(weir, Traffic::request, 25_000, 35_000);
      weir.awaitDecisions(35_000);
      assertGetsReady(restarted);
    }
    weir.deleteState();
    try (WeirApplication restored = weir.start()) {
      Batch.send(weir, Traffic::request, 35_000, REQUESTS);
      weir.awaitDecisions(REQUESTS);
      assertGetsReady(restored);
    }

    assertOracleAgrees(weir, REQUESTS);
  }

  @Test
  void everyRequestHasOneDecisionUnderAtLeastOnceTooWhereNothingCrashes(
      KafkaProcess kafka, RegistryProcess registry, @TempDir Path stateDir) throws Exception {
    RunningWeir weir =
        RunningWeir.create(
            kafka, registry, stateDir, Map.of("processing.guarantee", "at_least_once"));
    weir.applyRules(Traffic.RULES);

    try (WeirApplication first = weir.start()) {
      Batch.send(weir, Traffic::request, 0, 4_000);
      weir.awaitDecisions(4_000);
      first.close();
      assertThat(first.exit().join().code()).isZero();
    }
    weir.deleteState();
    try (WeirApplication restored = weir.start()) {
      Batch.send(weir, Traffic::request, 4_000, 8_000);
      weir.awaitDecisions(8_000);
      assertGetsReady(restored);
    }

    assertOracleAgrees(weir, 8_000);
  }

  /** All may be decided while a task that has nothing to do is being restored. */
  private static void assertGetsReady(WeirApplication application) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(application.readiness()).isInstanceOf(Readiness.Ready.class));
  }

  private static void assertOracleAgrees(RunningWeir weir, int requests) {
    Oracle oracle = new Oracle(weir, Traffic.RULES, LATENESS);
    Map<String, Decision> decisions = oracle.decisions();
    assertThat(decisions).hasSize(requests);
    Oracle.Agreement agreement = oracle.assertAgrees(decisions);
    long answeredAtOnce =
        decisions.values().stream().filter(each -> each.getStatuses().isEmpty()).count();
    assertThat(agreement.judged() + answeredAtOnce).isEqualTo(requests);
    assertThat(answeredAtOnce).isEqualTo(requests / 50 + requests / 100);
    // The test would show little if everything were allowed, or denied.
    assertThat(agreement.denied())
        .isBetween(agreement.judged() / 10, agreement.judged() * 95 / 100);
  }
}
