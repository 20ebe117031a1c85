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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
  private static final Duration LATENESS = Duration.ofMinutes(5);

  @Test
  void everyRequestHasOneDecisionAndTheOracleAgreesOverARestartAndARestore(
      KafkaProcess kafka, RegistryProcess registry, @TempDir Path stateDir) throws Exception {
    RunningWeir weir =
        RunningWeir.create(
            kafka, registry, stateDir, Map.of("threads", "2", "commit.interval", "100ms"));
    weir.applyRules(Traffic.RULES);

    try (WeirApplication first = weir.start()) {
      send(weir, 0, 15_000);
      first.close();
      assertThat(first.exit().join().code()).isZero();
    }
    // What is sent now waits for the next one.
    send(weir, 15_000, 25_000);
    try (WeirApplication restarted = weir.start()) {
      send(weir, 25_000, 35_000);
      awaitDecisions(weir, 35_000);
      assertThat(restarted.readiness()).isInstanceOf(Readiness.Ready.class);
    }
    weir.deleteState();
    try (WeirApplication restored = weir.start()) {
      send(weir, 35_000, REQUESTS);
      awaitDecisions(weir, REQUESTS);
      assertThat(restored.readiness()).isInstanceOf(Readiness.Ready.class);
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
      send(weir, 0, 4_000);
      awaitDecisions(weir, 4_000);
      first.close();
      assertThat(first.exit().join().code()).isZero();
    }
    weir.deleteState();
    try (WeirApplication restored = weir.start()) {
      send(weir, 4_000, 8_000);
      awaitDecisions(weir, 8_000);
      assertThat(restored.readiness()).isInstanceOf(Readiness.Ready.class);
    }

    assertOracleAgrees(weir, 8_000);
  }

  /** Sends so many requests from two threads at once. */
  private static void send(RunningWeir weir, int from, int to) throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(2);
    try (KafkaProducer<byte[], byte[]> producer = weir.producer()) {
      List<Future<?>> done = new ArrayList<>();
      for (int half = 0; half < 2; half++) {
        int offset = half;
        Callable<Integer> work =
            () -> {
              Random random = new Random(from + offset);
              for (int i = from + offset; i < to; i += 2) {
                var unused =
                    producer.send(
                        new ProducerRecord<>(
                            weir.topicName("requests"), weir.bytes(Traffic.request(i, random))));
              }
              return to - from;
            };
        done.add(senders.submit(work));
      }
      for (Future<?> each : done) {
        each.get();
      }
      producer.flush();
    } finally {
      senders.shutdownNow();
    }
  }

  private static void awaitDecisions(RunningWeir weir, int count) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> weir.committed(weir.topicName("decisions")).size() >= count);
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
