package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.query.Readiness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Measures the time from a request to its decision, and prints it; docs/architecture.md has the
 * figures. It holds nothing to them. Requests come at a fixed rate, whatever becomes of the earlier
 * ones, and the time counts from when each was due.
 */
@ExtendWith(RealBroker.class)
@EnabledIfSystemProperty(named = "weir.measure", matches = "latency")
class DecisionLatencyIT {
  private static final int PER_SECOND = 200;
  private static final int WARM_UP = 10 * PER_SECOND;
  private static final int MEASURED = 20 * PER_SECOND;
  private static final String RULES =
      """
      domain: api
      descriptors:
        - {key: user_id, rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 50}}
        - {key: ip, rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 50}}
        - {key: api_key, rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 50}}
      """;

  private final long[] dueNanos = new long[WARM_UP + MEASURED];
  private final long[] latencyNanos = new long[WARM_UP + MEASURED];

  @ParameterizedTest
  @CsvSource({
    "exactly_once_v2, 100, 1",
    "exactly_once_v2, 100, 2",
    "exactly_once_v2, 100, 3",
    "at_least_once, 100, 1",
    "at_least_once, 100, 2",
    "at_least_once, 100, 3",
    "exactly_once_v2, 20, 1",
    "exactly_once_v2, 20, 2",
    "exactly_once_v2, 20, 3",
    "exactly_once_v2, 500, 1",
    "exactly_once_v2, 500, 2",
    "exactly_once_v2, 500, 3",
  })
  void printsTheTimeToADecision(
      String guarantee,
      int commitMillis,
      int identifiers,
      KafkaProcess kafka,
      RegistryProcess registry,
      @TempDir Path stateDir)
      throws Exception {
    RunningWeir weir =
        RunningWeir.create(
            kafka,
            registry,
            stateDir,
            Map.of(
                "processing.guarantee",
                guarantee,
                "commit.interval",
                commitMillis + "ms",
                "standby.replicas",
                "0"));
    weir.applyRules(RULES);
    try (WeirApplication application = weir.start();
        KafkaConsumer<byte[], byte[]> decisions = weir.consumerAtEnd("decisions")) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> application.readiness() instanceof Readiness.Ready);
      run(weir, decisions, identifiers);
    }
    long[] measured = Arrays.copyOfRange(latencyNanos, WARM_UP, latencyNanos.length);
    Arrays.sort(measured);
    assertThat(measured[0]).as("every request has a decision").isPositive();
    System.out.printf(
        Locale.ROOT,
        "latency: %-15s commit %3d ms, %d identifier(s): p50 %4.0f ms, p99 %4.0f ms, max %4.0f ms%n",
        guarantee,
        commitMillis,
        identifiers,
        millis(measured, 0.50),
        millis(measured, 0.99),
        millis(measured, 1));
  }

  private void run(RunningWeir weir, KafkaConsumer<byte[], byte[]> decisions, int identifiers)
      throws Exception {
    AtomicInteger next = new AtomicInteger();
    Random random = new Random(1);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (KafkaProducer<byte[], byte[]> producer = weir.producer()) {
      long startNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
      long gapNanos = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
      for (int i = 0; i < dueNanos.length; i++) {
        dueNanos[i] = startNanos + i * gapNanos;
      }
      var unused =
          clock.scheduleAtFixedRate(
              () -> {
                while (next.get() < dueNanos.length && dueNanos[next.get()] <= System.nanoTime()) {
                  var unusedFuture =
                      producer.send(
                          new ProducerRecord<>(
                              weir.topicName("requests"),
                              weir.bytes(request(next.getAndIncrement(), identifiers, random))));
                }
              },
              0,
              1,
              TimeUnit.MILLISECONDS);
      int decided = 0;
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (decided < dueNanos.length && System.nanoTime() < deadline) {
        for (ConsumerRecord<byte[], byte[]> record : decisions.poll(Duration.ofMillis(100))) {
          int number = Integer.parseInt(weir.decision(record).getRequestId());
          latencyNanos[number] = System.nanoTime() - dueNanos[number];
          decided++;
        }
      }
    } finally {
      clock.shutdownNow();
    }
  }

  private static RequestEvent request(int number, int identifiers, Random random) {
    List<String> keys = List.of("user_id", "ip", "api_key");
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < identifiers; i++) {
      attributes.put(keys.get(i), String.valueOf(random.nextInt(1_000)));
    }
    return new RequestEvent(String.valueOf(number), "api", attributes, 1L, Operation.CHECK, null);
  }

  private static double millis(long[] sortedNanos, double quantile) {
    int index = (int) Math.ceil(quantile * sortedNanos.length) - 1;
    return sortedNanos[index] / 1e6;
  }
}
