package io.weir.streams.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.Commands.Result;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import io.weir.streams.cli.gateway.DecisionLogFactory;
import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.gateway.StopTime;
import io.weir.streams.gateway.decisions.DecisionLog;
import io.weir.streams.real.RealBroker;
import io.weir.streams.topology.DecidedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What doors decide arrives on the decisions topic, where a broker is; and holds up nobody. */
@ExtendWith(RealBroker.class)
class GatewayDecisionsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String RULES =
      """
      domain: api
      descriptors:
        - key: user_id
          rate_limit: {name: per-user, unit: year, requests_per_unit: 100}
      """;

  private final KafkaProcess kafka;
  private final RegistryProcess registry;
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final RateLimiter limiter =
      RateLimiter.inMemory(RuleSet.of(RulesReader.standard().read("api.yaml", RULES)));

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init") // JUnit injects the directory
  GatewayDecisionsIT(KafkaProcess kafka, RegistryProcess registry) {
    this.kafka = kafka;
    this.registry = registry;
  }

  @Test
  void aBurstOfDecisionsArrivesWholeAndIsReadLikeThoseOfTheStream() throws Exception {
    RealWeir weir = RealWeir.in(directory, kafka, registry);
    assertThat(weir.commands().run("topics", "apply", "--replicas", "1").code()).isZero();
    int callers = 4;
    int each = 500;
    int all = callers * each;

    try (DecisionLog log = start(weir.environment(), Map.of())) {
      List<Thread> threads =
          IntStream.range(0, callers)
              .mapToObj(
                  caller -> new Thread(() -> decide(log, "user-" + caller, caller * each, each)))
              .toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }

    assertThat(written()).isEqualTo(all);
    Result watched =
        weir.commands().run("watch", "--from-beginning", "--max", String.valueOf(all), "--json");
    List<JsonNode> decisions = watched.out().lines().map(GatewayDecisionsIT::json).toList();
    assertThat(ids(decisions.stream())).isEqualTo(names(all));
    assertThat(decisions).filteredOn(it -> is(it, "verdict", "ALLOW")).hasSize(callers * 100);
    // One identifier is on one partition, in the order in which it was decided.
    assertThat(decisions)
        .filteredOn(it -> is(it, "identifier", "api/user_id=user-0"))
        .map(it -> it.path("request_id").asText())
        .containsExactlyElementsOf(IntStream.range(0, each).mapToObj(i -> "r-" + i).toList());
    Result one =
        weir.commands()
            .run("watch", "--from-beginning", "--request-id", "r-0", "--max", "1", "--json");
    assertThat(json(one.out()).path("statuses").path(0).path("rule").asText())
        .isEqualTo("per-user");
  }

  @Test
  void aBrokerThatIsPausedHoldsUpNobodyAndLosesOnlyWhatDoesNotFit() throws Exception {
    try (KafkaProcess own = KafkaProcess.start(RealBroker.files())) {
      RealWeir weir = RealWeir.in(directory, own, registry);
      int flood = 20_000;
      try (DecisionLog log =
          start(
              weir.environment(),
              Map.of(
                  "gateway.decisions.max.waiting", "1000",
                  "kafka.producer.buffer.memory", "262144"))) {
        decide(log, "before", 0, 1);
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(log.trouble())
                        .hasValueSatisfying(why -> assertThat(why).contains("not present")));
        assertThat(weir.commands().run("topics", "apply", "--replicas", "1").code()).isZero();
        await().atMost(PATIENCE).until(() -> written() == 1);
        assertThat(log.trouble()).isEmpty();

        own.pause();
        long startNanos = System.nanoTime();
        decide(log, "paused", 1, flood);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        // A caller that waited for the broker would be here until it is resumed: never.
        assertThat(millis).isLessThan(10_000);
        assertThat(lost("full")).isGreaterThan(flood / 2);
        assertThat(written()).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> log.trouble().isPresent());
        own.resume();

        await()
            .atMost(PATIENCE)
            .until(() -> written() + lost("full") + lost("failed") == 1 + flood);
        assertThat(lost("failed")).isZero();
        assertThat(written()).isGreaterThan(1_000);
        long before = written();
        decide(log, "after", 1 + flood, 1);
        await().atMost(PATIENCE).until(() -> written() == before + 1);
        assertThat(log.trouble()).isEmpty();
      }
      Result watched =
          weir.commands()
              .run("watch", "--from-beginning", "--max", String.valueOf(written()), "--json");
      List<JsonNode> decisions = watched.out().lines().map(GatewayDecisionsIT::json).toList();
      assertThat(ids(decisions.stream()))
          .hasSize((int) written())
          .contains("r-0", "r-1", "r-" + (1 + flood));
    }
  }

  private DecisionLog start(Map<String, String> environment, Map<String, String> given) {
    Map<String, String> all = new HashMap<>(given);
    all.put("gateway.decisions.enabled", "true");
    Settings settings = SettingsLoader.load(Optional.empty(), environment, all);
    return DecisionLogFactory.start(settings, stopTime(settings), meters).orElseThrow();
  }

  private static StopTime stopTime(Settings settings) {
    return StopTime.of(settings.get(WeirSettings.SHUTDOWN_TIMEOUT));
  }

  private void decide(DecisionLog log, String user, int first, int count) {
    Request request = Request.of("api", Map.of("user_id", user));
    for (int i = first; i < first + count; i++) {
      log.decided(new DecidedRequest("r-" + i, request.domain(), limiter.check(request)));
    }
  }

  private long written() {
    return (long) meters.get("weir.gateway.decisions.written").counter().count();
  }

  private long lost(String reason) {
    return (long) meters.get("weir.gateway.decisions.lost").tag("reason", reason).counter().count();
  }

  private static boolean is(JsonNode decision, String field, String value) {
    return decision.path(field).asText().equals(value);
  }

  private static Set<String> ids(Stream<JsonNode> decisions) {
    return decisions.map(it -> it.path("request_id").asText()).collect(Collectors.toSet());
  }

  private static Set<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "r-" + i).collect(Collectors.toSet());
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
