package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Reason;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.AllOrNothing.Judging;
import io.weir.streams.real.AllOrNothing.Summary;
import io.weir.streams.real.AllOrNothing.TimeOuts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests with one, two and three identifiers end to end, exactly once. What came out is held
 * against {@link AllOrNothing}. {@link KillIT} has the same where instances crash.
 */
@ExtendWith(RealBroker.class)
class SeveralIdentifiersIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final KafkaProcess kafka;
  private final RegistryProcess registry;
  private final Path directory;

  SeveralIdentifiersIT(KafkaProcess kafka, RegistryProcess registry, @TempDir Path directory) {
    this.kafka = kafka;
    this.registry = registry;
    this.directory = directory;
  }

  @Test
  void requestsAreAllOrNothingOverARestartAndARestore() throws Exception {
    RunningWeir weir = weir(Map.of());
    RequestSource requests = SeveralTraffic::request;
    try (WeirApplication first = weir.start()) {
      Batch.send(weir, requests, 0, 6_000);
      first.close();
      assertThat(first.exit().join().code()).isZero();
    }
    // What is sent now waits for the next one.
    Batch.send(weir, requests, 6_000, 9_000);
    try (WeirApplication restarted = weir.start()) {
      Batch.send(weir, requests, 9_000, 12_000);
      weir.awaitDecisions(12_000);
    }
    weir.deleteState();
    try (WeirApplication restored = weir.start()) {
      Batch.send(weir, requests, 12_000, 15_000);
      weir.awaitDecisions(15_000);
      Run.awaitReleases(weir);
    }

    Summary summary = assertHolds(weir, Judging.REKEYED, TimeOuts.NONE);
    assertThat(summary.requests()).isEqualTo(Map.of(1, 5_000L, 2, 5_000L, 3, 5_000L));
    // The test would show little if everything were allowed, or denied.
    assertThat(summary.denied()).isBetween(1_000, 9_500);
    assertThat(summary.released()).isPositive();
  }

  @Test
  void requestsAreAllOrNothingWhereThoseWithOneIdentifierAreJudgedWhereTheyComeIn()
      throws Exception {
    RunningWeir weir = weir(Map.of("input.keyed", "true"));
    RequestSource requests = SeveralTraffic::request;
    try (WeirApplication application = weir.start()) {
      Batch.send(weir, requests.keyedBy(SeveralTraffic::firstIdentifier), 0, 3_000);
      weir.awaitDecisions(3_000);
      Run.awaitReleases(weir);
      assertThat(application.exit()).isNotDone();
    }

    Summary summary = assertHolds(weir, Judging.IN_PLACE, TimeOuts.NONE);
    assertThat(summary.requests()).isEqualTo(Map.of(1, 1_000L, 2, 1_000L, 3, 1_000L));
    assertThat(summary.released()).isPositive();
  }

  @Test
  void whatIsNotAnsweredInTimeIsDeniedAndWhatIsAnsweredLateIsReleased() throws Exception {
    RunningWeir weir =
        weir(
            Map.of(
                "join.timeout",
                "1s",
                "standby.replicas",
                "0",
                // What the paused instance has begun keeps its readers waiting for so long.
                "kafka.producer.transaction.timeout.ms",
                "2000",
                "kafka.consumer.session.timeout.ms",
                "6000"));
    RequestSource requests = SeveralTraffic::request;
    try (Instances instances = new Instances(weir, directory)) {
      instances.launch("first");
      Process second = instances.launch("second");
      instances.awaitState("first", 1);
      instances.awaitState("second", 1);
      Batch.send(weir, requests, 0, 500);
      weir.awaitDecisions(500);

      Instances.pause(second);
      Batch.send(weir, requests, 500, 2_000);
      await().atMost(PATIENCE).until(() -> hasTimeOuts(weir));
      Instances.resume(second);
      weir.awaitDecisions(2_000);
      Run.awaitReleases(weir);
    }

    Summary summary = assertHolds(weir, Judging.REKEYED, TimeOuts.SOME);
    assertThat(summary.timedOut()).isPositive();
  }

  private RunningWeir weir(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("threads", "2");
    RunningWeir weir = RunningWeir.create(kafka, registry, directory, settings);
    weir.applyRules(SeveralTraffic.RULES);
    return weir;
  }

  private static Summary assertHolds(RunningWeir weir, Judging judging, TimeOuts timeOuts) {
    return new AllOrNothing(TopicRecords.rules(SeveralTraffic.RULES), judging, timeOuts)
        .assertHolds(Run.of(weir));
  }

  private static boolean hasTimeOuts(RunningWeir weir) {
    return weir.committed(weir.topicName("decisions")).stream()
        .anyMatch(record -> weir.decision(record).getReason() == Reason.TIMEOUT);
  }
}
