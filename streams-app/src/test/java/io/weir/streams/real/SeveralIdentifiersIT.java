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
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
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

  /** Longer than a pause, so that the group does not give the paused one's partitions away. */
  private static final Duration SESSION = Duration.ofMinutes(1);

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
    try (KafkaConsumer<byte[], byte[]> decisions = weir.consumerAtEnd("decisions")) {
      CorrectedTraffic requests = new CorrectedTraffic(SeveralTraffic::request, weir, decisions);
      try (WeirApplication first = weir.start()) {
        Batch.send(weir, requests, 0, 3_000);
        requests.awaitDecisions();
        Batch.send(weir, requests, 3_000, 6_000);
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
    }

    Summary summary = assertHolds(weir, Judging.REKEYED, TimeOuts.NONE);
    // The test would show little if everything were allowed, or denied.
    assertMixed(summary, 15_000);
    assertThat(summary.denied()).isBetween(1_000, 9_500);
  }

  @Test
  void requestsAreAllOrNothingWhereThoseWithOneIdentifierAreJudgedWhereTheyComeIn()
      throws Exception {
    RunningWeir weir = weir(Map.of("input.keyed", "true"));
    try (WeirApplication application = weir.start();
        KafkaConsumer<byte[], byte[]> decisions = weir.consumerAtEnd("decisions")) {
      CorrectedTraffic requests = new CorrectedTraffic(SeveralTraffic::request, weir, decisions);
      RequestSource keyed = requests.keyedBy(SeveralTraffic::firstIdentifier);
      Batch.send(weir, keyed, 0, 1_500);
      requests.awaitDecisions();
      Batch.send(weir, keyed, 1_500, 3_000);
      weir.awaitDecisions(3_000);
      Run.awaitReleases(weir);
      assertThat(application.exit()).isNotDone();
    }

    assertMixed(assertHolds(weir, Judging.IN_PLACE, TimeOuts.NONE), 3_000);
  }

  @Test
  void whatIsNotAnsweredInTimeIsDeniedAndWhatIsAnsweredLateIsReleased() throws Exception {
    RunningWeir weir =
        weir(
            Map.of(
                "join.timeout", "1s",
                "standby.replicas", "0",
                "kafka.consumer.session.timeout.ms", String.valueOf(SESSION.toMillis())));
    RequestSource traffic = SeveralTraffic::request;
    // Without keys a producer may send all of it to partitions of the one that is paused.
    RequestSource requests = traffic.keyedBy(SeveralTraffic::firstIdentifier);
    try (Instances instances = new Instances(weir, directory)) {
      instances.launch("first");
      Process second = instances.launch("second");
      // The one that goes on must have requests, and answers to wait with.
      await().atMost(PATIENCE).until(() -> haveSharedOutAll(weir));
      Batch.send(weir, requests, 0, 500);
      weir.awaitDecisions(500);
      Run.awaitReleases(weir);
      long before = timeOuts(weir); // A slow machine has some without a pause.

      Instances.pause(second);
      Batch.send(weir, requests, 500, 2_000);
      await().atMost(PATIENCE).until(() -> timeOuts(weir) > before);
      Instances.resume(second);
      weir.awaitDecisions(2_000);
      Run.awaitReleases(weir);
    }

    Summary summary = assertHolds(weir, Judging.REKEYED, TimeOuts.SOME);
    assertThat(summary.timedOut()).isPositive();
  }

  /** Whether no partition is on its way from one to the other, and both have some of each topic. */
  private static boolean haveSharedOutAll(RunningWeir weir) {
    Set<String> topics =
        Set.of(weir.topicName("requests"), weir.checksTopic(), weir.answersTopic());
    Collection<Set<TopicPartition>> shares = weir.partitionsByInstance().values();
    long assigned =
        shares.stream().flatMap(Set::stream).filter(it -> topics.contains(it.topic())).count();
    return shares.size() == 2
        && assigned == (long) topics.size() * RunningWeir.PARTITIONS
        && shares.stream()
            .map(share -> share.stream().map(TopicPartition::topic).collect(Collectors.toSet()))
            .allMatch(share -> share.containsAll(topics));
  }

  private RunningWeir weir(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(Map.of("threads", "2"));
    settings.putAll(more);
    RunningWeir weir = RunningWeir.create(kafka, registry, directory, settings);
    weir.applyRules(SeveralTraffic.RULES);
    return weir;
  }

  private static Summary assertHolds(RunningWeir weir, Judging judging, TimeOuts timeOuts) {
    return new AllOrNothing(TopicRecords.rules(SeveralTraffic.RULES), judging, timeOuts)
        .assertHolds(Run.of(weir));
  }

  private static void assertMixed(Summary summary, int requests) {
    assertThat(summary.requests().keySet()).containsExactly(1, 2, 3);
    assertThat(summary.requests().values()).allMatch(count -> count > requests / 5);
    assertThat(summary.requests().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(requests);
    assertThat(summary.released()).isNotEmpty();
    assertThat(summary.corrected())
        .containsOnlyKeys(io.weir.limiter.Reason.REFUNDED, io.weir.limiter.Reason.RESET)
        .allSatisfy((reason, count) -> assertThat(count).isGreaterThan(requests / 500));
  }

  private static long timeOuts(RunningWeir weir) {
    return weir.committed(weir.topicName("decisions")).stream()
        .filter(record -> weir.decision(record).getReason() == Reason.TIMEOUT)
        .count();
  }
}
