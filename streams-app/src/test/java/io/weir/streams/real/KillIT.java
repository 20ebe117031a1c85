package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Decision;
import io.weir.streams.cli.RunProcess;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Instances in processes of their own that are killed (kill -9) while requests come in. */
@ExtendWith(RealBroker.class)
class KillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final KafkaProcess kafka;
  private final RegistryProcess registry;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();

  KillIT(KafkaProcess kafka, RegistryProcess registry, @TempDir Path directory) {
    this.kafka = kafka;
    this.registry = registry;
    this.directory = directory;
  }

  @Test
  void everyRequestHasOneDecisionThoughOneOfTwoIsKilledAndThenTheOther() throws Exception {
    RunningWeir weir = weir(Map.of("standby.replicas", "1"));
    Process first = launch(weir, "first");
    Process second = launch(weir, "second");
    awaitState("first");
    awaitState("second");
    int sent;
    try (Load load = Load.on(weir)) {
      awaitDecisions(weir, 1_000);

      first.destroyForcibly();
      awaitDecisions(weir, load.sent()); // By the second, which had a copy of the state.

      second.destroyForcibly();
      launch(weir, "first"); // Beside the state that it had when it was killed.
      awaitDecisions(weir, load.sent());
      load.close();
      sent = load.sent();
    }
    awaitDecisions(weir, sent);

    Oracle oracle = new Oracle(weir, Traffic.RULES, Duration.ofMinutes(5));
    Map<String, Decision> decisions = oracle.decisions();
    assertThat(decisions).hasSize(sent);
    assertThat(oracle.assertAgrees(decisions).denied()).isPositive();
  }

  @Test
  void underAtLeastOnceEveryRequestHasADecisionThoughTheInstanceIsKilled() throws Exception {
    RunningWeir weir =
        weir(Map.of("processing.guarantee", "at_least_once", "standby.replicas", "0"));
    Process killed = launch(weir, "only");
    int sent;
    try (Load load = Load.on(weir)) {
      awaitDecisions(weir, 1_000);

      killed.destroyForcibly();
      launch(weir, "only");
      awaitDecisions(weir, load.sent());
      load.close();
      sent = load.sent();
    }

    await().atMost(PATIENCE).until(() -> requestIds(weir).size() >= sent);
    assertThat(requestIds(weir)).hasSize(sent);
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private RunningWeir weir(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    // The least that a broker allows: a killed instance is missed so late.
    settings.put("kafka.consumer.session.timeout.ms", "6000");
    RunningWeir weir = RunningWeir.create(kafka, registry, directory, settings);
    weir.applyRules(Traffic.RULES);
    return weir;
  }

  private Process launch(RunningWeir weir, String name) throws Exception {
    Path log = directory.resolve(name + "-" + processes.size() + ".log");
    Process process = RunProcess.launch(log, weir.environment(directory.resolve(name)));
    processes.add(process);
    return process;
  }

  /** Waits until an instance has the state of all partitions, be it as a standby. */
  private void awaitState(String name) {
    Path state = directory.resolve(name).resolve("state");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions() // Directories come and go.
        .until(
            () -> {
              try (Stream<Path> files =
                  Files.find(state, 5, (path, file) -> path.endsWith("weir-limits"))) {
                return files.count() == RunningWeir.PARTITIONS;
              }
            });
  }

  private static void awaitDecisions(RunningWeir weir, int count) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> decisions(weir).size() >= count);
  }

  /** Of the requests that are decided, however often. */
  private static Set<String> requestIds(RunningWeir weir) {
    return decisions(weir).stream()
        .map(record -> weir.decision(record).getRequestId())
        .collect(Collectors.toSet());
  }

  private static List<ConsumerRecord<byte[], byte[]>> decisions(RunningWeir weir) {
    return weir.committed(weir.topicName("decisions"));
  }
}
