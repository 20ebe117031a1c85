package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.real.AllOrNothing.Judging;
import io.weir.streams.real.AllOrNothing.TimeOuts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Instances in processes of their own that are killed (kill -9) while requests with one, two and
 * three identifiers come in.
 */
@ExtendWith(RealBroker.class)
class KillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final KafkaProcess kafka;
  private final RegistryProcess registry;
  private final Path directory;

  KillIT(KafkaProcess kafka, RegistryProcess registry, @TempDir Path directory) {
    this.kafka = kafka;
    this.registry = registry;
    this.directory = directory;
  }

  @Test
  void everyRequestHasOneDecisionThoughOneOfTwoIsKilledAndThenTheOther() throws Exception {
    RunningWeir weir = weir(SeveralTraffic.RULES, Map.of("standby.replicas", "1"));
    try (Instances instances = new Instances(weir, directory)) {
      Process first = instances.launch("first");
      Process second = instances.launch("second");
      instances.awaitState("first");
      instances.awaitState("second");
      int sent;
      try (Load load = Load.on(weir, SeveralTraffic::request)) {
        weir.awaitDecisions(1_000);

        first.destroyForcibly();
        weir.awaitDecisions(load.sent()); // By the second, which had a copy of the state.

        second.destroyForcibly();
        instances.launch("first"); // Beside the state that it had when it was killed.
        weir.awaitDecisions(load.sent());
        load.close();
        sent = load.sent();
      }
      weir.awaitDecisions(sent);
      Run.awaitReleases(weir);
    }

    // Where a take-over lasts, some requests wait for longer than they may.
    AllOrNothing.Summary summary =
        new AllOrNothing(TopicRecords.rules(SeveralTraffic.RULES), Judging.REKEYED, TimeOuts.SOME)
            .assertHolds(Run.of(weir));
    assertThat(summary.requests().keySet()).containsExactly(1, 2, 3);
    assertThat(summary.released()).isNotEmpty();
  }

  @Test
  void underAtLeastOnceEveryRequestHasADecisionThoughTheInstanceIsKilled() throws Exception {
    RunningWeir weir =
        weir(
            SeveralTraffic.YEARLY_RULES,
            Map.of("processing.guarantee", "at_least_once", "standby.replicas", "0"));
    int sent;
    try (Instances instances = new Instances(weir, directory)) {
      Process killed = instances.launch("only");
      try (Load load = Load.on(weir, SeveralTraffic::passingRequest)) {
        weir.awaitDecisions(1_000);

        killed.destroyForcibly();
        instances.launch("only");
        weir.awaitDecisions(load.sent());
        load.close();
        sent = load.sent();
      }
      await().atMost(PATIENCE).until(() -> weir.decidedRequestIds().size() >= sent);
      Run.awaitReleases(weir);
    }

    new AtLeastOnce(TopicRecords.rules(SeveralTraffic.YEARLY_RULES)).assertHolds(Run.of(weir));
  }

  private RunningWeir weir(String rules, Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    // The least that a broker allows: a killed instance is missed so late.
    settings.put("kafka.consumer.session.timeout.ms", "6000");
    RunningWeir weir = RunningWeir.create(kafka, registry, directory, settings);
    weir.applyRules(rules);
    return weir;
  }
}
