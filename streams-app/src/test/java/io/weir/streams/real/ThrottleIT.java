package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.query.Readiness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
  private static final List<String> ENDPOINTS = List.of("/login", "/items", "/files/a", "/files/b");

  /** Short periods, so that limits refill and run out many times over; all five algorithms. */
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit:
            {algorithm: token_bucket, unit: second, requests_per_unit: 20, burst: 30}
          descriptors:
            - key: endpoint
              value: /login
              rate_limits:
                - {name: logins, algorithm: sliding_window_log, unit: second, requests_per_unit: 3}
                - {name: hourly, algorithm: sliding_window_counter, unit: hour, requests_per_unit: 80}
            - key: endpoint
              value: /files/*
              share_threshold: true
              rate_limit: {algorithm: leaky_bucket, unit: second, requests_per_unit: 4}
            - key: endpoint
              shadow_mode: true
              rate_limit: {unit: minute, requests_per_unit: 15}
      """;

  @Test
  void everyRequestHasOneDecisionAndTheOracleAgreesOverARestartAndARestore(
      KafkaProcess kafka, RegistryProcess registry, @TempDir Path stateDir) throws Exception {
    RunningWeir weir =
        RunningWeir.create(
            kafka, registry, stateDir, Map.of("threads", "2", "commit.interval", "100ms"));
    weir.applyRules(RULES);

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

    assertOracleAgrees(weir);
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
                producer.send(
                    new ProducerRecord<>(
                        weir.topicName("requests"), weir.bytes(request(i, random))));
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

  private static RequestEvent request(int number, Random random) {
    Map<String, String> attributes = new HashMap<>();
    // A few users send most of the requests, as everywhere.
    attributes.put("user_id", "user " + (int) Math.pow(200, random.nextDouble()));
    attributes.put("endpoint", ENDPOINTS.get(random.nextInt(ENDPOINTS.size())));
    attributes.put("ignored", String.valueOf(number));
    String domain = number % 50 == 0 ? "elsewhere" : "api";
    long cost = number % 100 == 1 ? -1 : 1 + random.nextInt(3) / 2;
    return new RequestEvent("r" + number, domain, attributes, cost, Operation.CHECK, null);
  }

  private static void awaitDecisions(RunningWeir weir, int count) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> weir.committed(weir.topicName("decisions")).size() >= count);
  }

  private static void assertOracleAgrees(RunningWeir weir) {
    Oracle oracle = new Oracle(weir, RULES, LATENESS);
    Map<String, Decision> decisions = oracle.decisions();
    assertThat(decisions).hasSize(REQUESTS);
    Oracle.Agreement agreement = oracle.assertAgrees(decisions);
    long answeredAtOnce =
        decisions.values().stream().filter(each -> each.getStatuses().isEmpty()).count();
    assertThat(agreement.judged() + answeredAtOnce).isEqualTo(REQUESTS);
    assertThat(answeredAtOnce).isEqualTo(REQUESTS / 50 + REQUESTS / 100);
    // The test would show little if everything were allowed, or denied.
    assertThat(agreement.denied())
        .isBetween(agreement.judged() / 10, agreement.judged() * 95 / 100);
  }
}
