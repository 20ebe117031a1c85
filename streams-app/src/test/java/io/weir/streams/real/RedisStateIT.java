package io.weir.streams.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.Request;
import io.weir.limiter.redis.RedisRateLimiter;
import io.weir.limiter.rule.RuleSet;
import io.weir.schemas.Decision;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.schemas.Verdict;
import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.cli.dev.RedisProcess;
import io.weir.streams.cli.dev.RegistryProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The stream with its state in Redis, on a real broker, registry and Redis. */
@ExtendWith(RealBroker.class)
class RedisStateIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LIMIT = 3_000;

  /** So long that no window ends meanwhile, and what is used is what was charged. */
  private static final String RULES =
      """
      domain: api
      descriptors:
        - {key: user_id, rate_limit: {algorithm: token_bucket, unit: year, requests_per_unit: 3000}}
        - {key: ip, rate_limit: {unit: year, requests_per_unit: 100000}}
      """;

  private final KafkaProcess kafka;
  private final RegistryProcess registry;
  private final Path directory;
  private final RedisProcess redis = RedisProcess.start(RealBroker.files());

  RedisStateIT(KafkaProcess kafka, RegistryProcess registry, @TempDir Path directory) {
    this.kafka = kafka;
    this.registry = registry;
    this.directory = directory;
  }

  @AfterEach
  void closeRedis() {
    redis.close();
  }

  /** One user and one address: every request has both identifiers. */
  private static RequestEvent request(int number, Random random) {
    return new RequestEvent(
        "r-" + number, "api", Map.of("user_id", "1", "ip", "::1"), 1L, Operation.CHECK, null);
  }

  @Test
  void streamAndSynchronousCallersSpendFromOneBudget() throws Exception {
    RunningWeir weir = weir(Map.of());
    int requests = 2 * LIMIT;
    WeirApplication application = weir.start();
    try (RedisRateLimiter limiter = limiter();
        KafkaProducer<byte[], byte[]> producer = weir.producer()) {
      Random random = new Random(1);
      int allowed = 0;
      for (int i = 0; i < requests; i++) {
        var unused = producer.send(weir.record(RedisStateIT::request, i, random));
        if (i % 4 == 0) {
          allowed += check(limiter).isAllowed() ? 1 : 0;
        }
      }
      weir.awaitDecisions(requests);
      List<Decision> decisions = decisions(weir);
      assertThat(decisions).hasSize(requests).noneMatch(Decision::getDegraded);
      long allowedByStream = decisions.stream().filter(RedisStateIT::isAllowed).count();
      assertThat(allowedByStream + allowed).isEqualTo(LIMIT);
      assertThat(allowedByStream).isPositive();
      assertThat(allowed).isPositive();
      // Who shares out partitions anew, as a group does that has just begun, answers later.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(RunningWeir.get(application, "/v1/limits?domain=api&user_id=1"))
                      .contains("\"instance\":\"redis\"", "\"remaining\":0"));
    } finally {
      application.close();
    }
  }

  @Test
  void killedInstancesLoseNoRequestAndChargeEachOnceInsideTheHorizon() throws Exception {
    RunningWeir weir = weir(Map.of("duplicates.horizon", "1h"));
    int sent = sendWhileInstancesAreKilled(weir);

    List<Decision> decisions = decisions(weir);
    assertThat(decisions).extracting(Decision::getRequestId).hasSize(sent).doesNotHaveDuplicates();
    long allowed = decisions.stream().filter(RedisStateIT::isAllowed).count();
    try (RedisRateLimiter limiter = limiter()) {
      assertThat(used(limiter)).isEqualTo(allowed);
    }
  }

  @Test
  void killedInstancesErrToDenyWhereNoHorizonIsSet() throws Exception {
    RunningWeir weir = weir(Map.of());
    int sent = sendWhileInstancesAreKilled(weir);

    List<Decision> decisions = decisions(weir);
    assertThat(decisions).extracting(Decision::getRequestId).hasSize(sent).doesNotHaveDuplicates();
    long allowed = decisions.stream().filter(RedisStateIT::isAllowed).count();
    try (RedisRateLimiter limiter = limiter()) {
      assertThat(used(limiter)).isBetween(allowed, (long) LIMIT);
    }
  }

  private int sendWhileInstancesAreKilled(RunningWeir weir) throws Exception {
    int sent;
    try (Instances instances = new Instances(weir, directory)) {
      Process first = instances.launch("first");
      try (Load load = Load.on(weir, RedisStateIT::request)) {
        weir.awaitDecisions(500);
        first.destroyForcibly();
        Process second = instances.launch("second");
        weir.awaitDecisions(load.sent());
        second.destroyForcibly();
        instances.launch("first");
        weir.awaitDecisions(load.sent());
        load.close();
        sent = load.sent();
      }
      weir.awaitDecisions(sent);
    }
    return sent;
  }

  @Test
  void requestsAreDecidedWithoutRedisAndJudgedAgainWhenItIsBack() throws Exception {
    RunningWeir weir = weir(Map.of("redis.timeout", "200ms"));
    WeirApplication application = weir.start();
    try (KafkaProducer<byte[], byte[]> producer = weir.producer()) {
      Random random = new Random(1);
      producer.send(weir.record(RedisStateIT::request, 0, random)).get();
      weir.awaitDecisions(1);
      redis.kill();
      producer.send(weir.record(RedisStateIT::request, 1, random)).get();
      weir.awaitDecisions(2);
      assertThat(decisions(weir).get(1).getDegraded()).isTrue();
      redis.restart();
      int[] next = {2};
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                producer.send(weir.record(RedisStateIT::request, next[0], random)).get();
                next[0]++;
                weir.awaitDecisions(next[0]);
                List<Decision> decisions = decisions(weir);
                return !decisions.get(decisions.size() - 1).getDegraded();
              });
    } finally {
      application.close();
    }
  }

  private static boolean isAllowed(Decision decision) {
    return decision.getVerdict() == Verdict.ALLOW;
  }

  private static List<Decision> decisions(RunningWeir weir) {
    return weir.committed(weir.topicName("decisions")).stream().map(weir::decision).toList();
  }

  private static io.weir.limiter.Decision check(RedisRateLimiter limiter) {
    return limiter.check(Request.of("api", Map.of("user_id", "1", "ip", "::1")));
  }

  private static long used(RedisRateLimiter limiter) {
    return LIMIT
        - limiter.check(Request.of("api", "user_id", "1").peek()).statuses().get(0).remaining();
  }

  private RedisRateLimiter limiter() {
    RuleSet rules = TopicRecords.rules(RULES);
    return RedisRateLimiter.builder(() -> rules).uri(redis.uri()).timeout(PATIENCE).build();
  }

  private RunningWeir weir(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("state", "redis");
    settings.put("redis.uri", redis.uri());
    // What is decided without Redis is decided otherwise: a busy machine must not matter here.
    settings.put("redis.timeout", "4s");
    // The least that a broker allows: a killed instance is missed so late.
    settings.put("kafka.consumer.session.timeout.ms", "6000");
    settings.putAll(more);
    RunningWeir weir = RunningWeir.create(kafka, registry, directory, settings);
    weir.applyRules(RULES);
    return weir;
  }
}
