package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A real cluster of three servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisClusterTest {
  private static final int SERVERS = 3;
  private static final RuleSet RULES =
      RuleSet.of(
          RulesReader.standard()
              .read(
                  "test",
                  """
                  domain: api
                  descriptors:
                    - {key: user_id, rate_limit: {unit: day, requests_per_unit: 2}}
                    - {key: ip, rate_limit: {algorithm: token_bucket, unit: day, requests_per_unit: 300}}
                    - {key: tenant, rate_limit: {algorithm: sliding_window_log, unit: day, requests_per_unit: 200}}
                  """));

  private final List<RedisProcess> servers = new ArrayList<>();
  private final List<RedisClient> clients = new ArrayList<>();
  private final List<RedisCommands<String, String>> redis = new ArrayList<>();
  private RedisRateLimiter limiter;

  @BeforeAll
  void startCluster() {
    int perServer = SlotHash.SLOT_COUNT / SERVERS + 1;
    for (int i = 0; i < SERVERS; i++) {
      RedisProcess server = RedisProcess.startForCluster();
      servers.add(server);
      RedisClient client = RedisClient.create(server.uri());
      clients.add(client);
      StatefulRedisConnection<String, String> connection = client.connect();
      redis.add(connection.sync());
      int first = i * perServer;
      int end = Math.min(SlotHash.SLOT_COUNT, first + perServer);
      connection.sync().clusterAddSlots(IntStream.range(first, end).toArray());
      connection.sync().clusterMeet("127.0.0.1", servers.get(0).port());
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(redis)
                    .allSatisfy(
                        each ->
                            assertThat(each.clusterInfo())
                                .contains("cluster_state:ok", "cluster_known_nodes:3")));
    limiter =
        RedisRateLimiter.builder(() -> RULES)
            .cluster(servers.get(0).uri())
            .timeout(Duration.ofSeconds(2))
            .build();
  }

  @AfterAll
  void stopCluster() {
    limiter.close();
    clients.forEach(RedisClient::shutdown);
    servers.forEach(RedisProcess::close);
  }

  private static Request user(String id) {
    return Request.of("api", "user_id", id);
  }

  @Test
  void keysAreOnAllServersAndEachIsCountedOnItsOwn() {
    for (int i = 0; i < 100; i++) {
      Request user = user("each-" + i);
      assertThat(limiter.check(user)).returns(true, Decision::isAllowed);
      assertThat(limiter.check(user)).returns(true, Decision::isAllowed);
      assertThat(limiter.check(user))
          .returns(false, Decision::isAllowed)
          .returns(false, Decision::degraded);
    }
    assertThat(redis).allSatisfy(each -> assertThat(each.dbsize()).isGreaterThan(10));
  }

  @Test
  void severalIdentifiersAdmitExactlyTheirLimitsWhoeverAsksAtOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      Request both = Request.of("api", Map.of("ip", "::1", "tenant", "t"));
      List<Future<Integer>> shares = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        shares.add(
            pool.submit(
                () -> {
                  int allowed = 0;
                  for (int i = 0; i < 80; i++) {
                    Decision decision = limiter.check(both);
                    assertThat(decision.degraded()).isFalse();
                    allowed += decision.isAllowed() ? 1 : 0;
                  }
                  return allowed;
                }));
      }
      int allowed = 0;
      for (Future<Integer> share : shares) {
        allowed += share.get();
      }
      // While one that is denied still holds, another may be denied for it; never is one too many.
      assertThat(allowed).isLessThanOrEqualTo(200);
      while (limiter.check(both).isAllowed()) {
        allowed++;
      }
      assertThat(allowed).isEqualTo(200);
      assertThat(limiter.check(Request.of("api", "ip", "::1").peek()).statuses().get(0).remaining())
          .isEqualTo(100);
      assertThat(limiter.reset(both).statuses()).hasSize(2);
      assertThat(limiter.check(both.withCost(200)).isAllowed()).isTrue();
      assertThat(limiter.refund(both.withCost(200), 1).statuses()).hasSize(2);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void thousandsOfSlotsAtOnceAreAnsweredAll() {
    List<CompletableFuture<Decision>> asked = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      asked.add(limiter.checkAsync(user("crowd-" + i)).toCompletableFuture());
    }
    assertThat(asked)
        .allSatisfy(
            each -> assertThat(each.orTimeout(20, TimeUnit.SECONDS).join().degraded()).isFalse());
  }

  @Test
  void followsASlotThatMoves() {
    String id = "moves";
    int slot = SlotHash.getSlot("api/user_id=" + id);
    int from = Math.min(SERVERS - 1, slot / (SlotHash.SLOT_COUNT / SERVERS + 1));
    int to = (from + 1) % SERVERS;
    limiter.check(user("before-" + id));
    String newOwner = redis.get(to).clusterMyId();
    redis.get(to).clusterSetSlotNode(slot, newOwner);
    redis.get(from).clusterSetSlotNode(slot, newOwner);
    Decision decision = limiter.check(user(id));
    assertThat(decision.degraded()).as("%s", decision).isFalse();
    assertThat(redis.get(to).exists("weir:{api/user_id=" + id + "}")).isOne();
  }

  @Test
  void whileASlotMovesEachIdentifierIsAnsweredWhereItIs() {
    int perServer = SlotHash.SLOT_COUNT / SERVERS + 1;
    List<String> ids = idsOfOneSlot("here-", 3);
    int slot = SlotHash.getSlot("api/user_id=" + ids.get(0));
    int from = slot / perServer;
    int to = (from + 1) % SERVERS;
    // The last one is on neither.
    ids.subList(0, 2).forEach(id -> assertThat(limiter.check(user(id)).isAllowed()).isTrue());
    redis.get(to).clusterSetSlotImporting(slot, redis.get(from).clusterMyId());
    redis.get(from).clusterSetSlotMigrating(slot, redis.get(to).clusterMyId());
    migrate(ids.get(0), from, to);
    for (int round = 0; round < 20; round++) {
      List<CompletableFuture<Decision>> asked =
          Stream.generate(() -> ids)
              .limit(10)
              .flatMap(List::stream)
              .map(id -> limiter.checkAsync(user(id).peek()).toCompletableFuture())
              .toList();
      assertThat(asked)
          .allSatisfy(each -> assertThat(each.join()).returns(false, Decision::degraded));
    }
    assertThat(checkedAtOnce(ids)).containsExactly(true, true, true);
    assertThat(checkedAtOnce(ids)).containsExactly(false, false, true);
    migrate(ids.get(1), from, to);
    String owner = redis.get(to).clusterMyId();
    redis.get(to).clusterSetSlotNode(slot, owner);
    redis.get(from).clusterSetSlotNode(slot, owner);
    assertThat(checkedAtOnce(ids)).containsExactly(false, false, false);
  }

  private List<Boolean> checkedAtOnce(List<String> ids) {
    List<CompletableFuture<Decision>> asked =
        ids.stream().map(id -> limiter.checkAsync(user(id)).toCompletableFuture()).toList();
    assertThat(asked)
        .allSatisfy(each -> assertThat(each.join()).returns(false, Decision::degraded));
    return asked.stream().map(each -> each.join().isAllowed()).toList();
  }

  private void migrate(String id, int from, int to) {
    MigrateArgs<String> key = MigrateArgs.Builder.key("weir:{api/user_id=" + id + "}");
    assertThat(redis.get(from).migrate("127.0.0.1", servers.get(to).port(), 0, 5_000, key))
        .isEqualTo("OK");
  }

  private static List<String> idsOfOneSlot(String prefix, int count) {
    Map<Integer, List<String>> bySlot =
        IntStream.range(0, 200_000)
            .mapToObj(i -> prefix + i)
            .collect(Collectors.groupingBy(id -> SlotHash.getSlot("api/user_id=" + id)));
    return bySlot.values().stream()
        .filter(ids -> ids.size() >= count)
        .findFirst()
        .orElseThrow()
        .subList(0, count);
  }

  @Test
  void aServerThatIsGoneIsMissedByItsOwnKeysAlone() {
    RedisProcess server = servers.get(2);
    String there = idOn(2);
    String elsewhere = idOn(0);
    try (RedisRateLimiter impatient =
        RedisRateLimiter.builder(() -> RULES)
            .cluster(servers.get(0).uri())
            .timeout(Duration.ofMillis(300))
            .build()) {
      await().until(() -> !impatient.check(user(there).peek()).degraded());
      await().until(() -> !impatient.check(user(elsewhere).peek()).degraded());
      server.kill();
      for (int i = 0; i < 20; i++) {
        assertThat(impatient.check(user(there)).degraded()).isTrue();
        assertThat(impatient.check(user(elsewhere).peek()).degraded()).isFalse();
      }
      assertThatThrownBy(() -> impatient.reset(user(there)))
          .isInstanceOfSatisfying(
              RedisUnavailableException.class,
              failure -> assertThat(failure.isCertainlyNotDone()).isTrue());
      Request both =
          Request.of(
              "api", Map.of("user_id", there, "ip", idsOn("ip", 0).findFirst().orElseThrow()));
      assertThatThrownBy(() -> impatient.reset(both))
          .as("of the address it was carried out")
          .isInstanceOfSatisfying(
              RedisUnavailableException.class,
              failure -> assertThat(failure.isCertainlyNotDone()).isFalse());
      server.startAgain();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !impatient.check(user(there).peek()).degraded());
    }
  }

  @Test
  void whatOneSlotLearnsOfAServerHoldsForAllOfItsSlots() {
    RedisProcess server = servers.get(1);
    AtomicInteger failures = new AtomicInteger();
    try (RedisRateLimiter impatient =
        RedisRateLimiter.builder(() -> RULES)
            .cluster(servers.get(0).uri())
            .timeout(Duration.ofMillis(300))
            .circuitBreaker(
                CircuitBreakerConfig.custom()
                    .slidingWindowSize(10)
                    .minimumNumberOfCalls(5)
                    .waitDurationInOpenState(Duration.ofHours(1))
                    .recordException(
                        failure -> {
                          failures.incrementAndGet();
                          return true;
                        })
                    .build())
            .build()) {
      List<String> there = idsOn(1).limit(100).toList();
      await().until(() -> !impatient.check(user(there.get(0)).peek()).degraded());
      failures.set(0);
      server.pause();
      try {
        for (String id : there) {
          assertThat(impatient.check(user(id)).degraded()).isTrue();
        }
      } finally {
        server.resume();
      }
      // Each has a slot of its own, more or less.
      assertThat(failures.get()).isBetween(5, 10);
    }
  }

  private static String idOn(int server) {
    return idsOn(server).findFirst().orElseThrow();
  }

  private static Stream<String> idsOn(int server) {
    return idsOn("user_id", server);
  }

  private static Stream<String> idsOn(String key, int server) {
    int perServer = SlotHash.SLOT_COUNT / SERVERS + 1;
    return IntStream.range(0, 1_000)
        .mapToObj(i -> "on-" + server + "-" + i)
        .filter(id -> SlotHash.getSlot("api/" + key + "=" + id) / perServer == server);
  }
}
