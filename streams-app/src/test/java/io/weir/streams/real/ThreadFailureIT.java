package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.RunProcess;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.query.Readiness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a request whose thread fails after it was charged. */
@ExtendWith(RealBroker.class)
class ThreadFailureIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String FAILING = FailingSerde.class.getName();
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {unit: year, requests_per_unit: 3}
      """;

  private final KafkaProcess kafka;
  private final RegistryProcess registry;
  private final Path directory;

  ThreadFailureIT(KafkaProcess kafka, RegistryProcess registry, @TempDir Path directory) {
    this.kafka = kafka;
    this.registry = registry;
    this.directory = directory;
  }

  @Test
  void aThreadThatFailsIsReplacedAndTheRequestIsDecidedAndChargedOnce() throws Exception {
    RunningWeir weir = weir(Map.of("serde.class", FAILING));
    try (WeirApplication application = weir.start()) {
      send(weir, List.of("before", "fails-2", "after", "over"));
      // The thread's failure is uncaught, which Awaitility takes for the test's.
      ConditionFactory patiently = await().atMost(PATIENCE).dontCatchUncaughtExceptions();
      patiently.until(() -> decided(weir) >= 4);
      patiently.until(() -> application.readiness() instanceof Readiness.Ready);

      assertThat(application.exit()).isNotDone();
      assertThat(RunningWeir.get(application, "/metrics"))
          .containsPattern("kafka_stream_failed_stream_threads_total\\{.*} 2.0")
          .containsPattern("kafka_stream_alive_stream_threads\\{.*} 2.0");
    }

    assertDecisions(weir);
  }

  @Test
  void whatKeepsFailingEndsTheProcessAndIsDecidedOnceTheFaultIsGone() throws Exception {
    RunningWeir weir = weir(Map.of());
    Map<String, String> environment = new HashMap<>(weir.environment(directory.resolve("run")));
    environment.put("WEIR_SERDE_CLASS", FAILING);
    environment.put("WEIR_THREAD_FAILURES_MAX", "1");
    send(weir, List.of("before", "fails-1000", "after", "over"));
    Path log = directory.resolve("run.log");
    Process process = RunProcess.launch(log, environment);
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).isEqualTo(1);
    String sentence =
        "threads keep failing, more than 1 within 10 min; the last one by IllegalStateException:"
            + " no bytes for fails-1000";
    assertThat(Files.readAllLines(log))
        .contains("error: " + sentence)
        .anyMatch(line -> line.contains("ERROR The application ends: " + sentence))
        .filteredOn(line -> line.contains("A thread failed and is replaced"))
        .singleElement()
        .asString()
        .contains("(1 of 1 within 10 min): IllegalStateException: no bytes for fails-1000");

    try (WeirApplication application = weir.start()) {
      await().atMost(PATIENCE).until(() -> decided(weir) >= 4);
      assertThat(application.exit()).isNotDone();
    }
    assertDecisions(weir);
  }

  private RunningWeir weir(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    // The least that a broker allows: a thread that failed is missed so late.
    settings.put("kafka.consumer.session.timeout.ms", "6000");
    RunningWeir weir = RunningWeir.create(kafka, registry, directory.resolve("state"), settings);
    weir.applyRules(RULES);
    return weir;
  }

  /** Requests of one user, in this order. */
  private static void send(RunningWeir weir, List<String> requestIds) {
    try (KafkaProducer<byte[], byte[]> producer = weir.producer()) {
      for (String requestId : requestIds) {
        RequestEvent event =
            new RequestEvent(requestId, "api", Map.of("user_id", "42"), 1L, Operation.CHECK, null);
        var unused =
            producer.send(
                new ProducerRecord<>(weir.topicName("requests"), 0, null, weir.bytes(event)));
      }
    }
  }

  private static int decided(RunningWeir weir) {
    return weir.committed(weir.topicName("decisions")).size();
  }

  /** Four decisions, of which the last is a denial, as the first three were charged once. */
  private static void assertDecisions(RunningWeir weir) {
    Oracle oracle = new Oracle(weir, RULES, Duration.ofMinutes(5));
    Map<String, Decision> decisions = oracle.decisions();
    assertThat(decisions).hasSize(4);
    assertThat(oracle.assertAgrees(decisions)).isEqualTo(new Oracle.Agreement(4, 1));
  }
}
