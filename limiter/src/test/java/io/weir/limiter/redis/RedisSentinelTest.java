package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A real Sentinel, a Redis and its replica. */
class RedisSentinelTest {
  private static final RuleSet RULES =
      RuleSet.of(
          RulesReader.standard()
              .read(
                  "test",
                  """
                  domain: api
                  descriptors:
                    - {key: user_id, rate_limit: {unit: day, requests_per_unit: 100}}
                  """));

  @Test
  void goesOnWithTheReplicaAndWhatWasUsed() {
    Request user = Request.of("api", "user_id", "42");
    try (RedisProcess first = RedisProcess.start();
        RedisProcess replica = RedisProcess.start("--replicaof", "127.0.0.1", "" + first.port());
        RedisProcess sentinel = RedisProcess.startSentinel(first)) {
      awaitReplica(sentinel);
      RedisRateLimiterBuilder builder =
          RedisRateLimiter.builder(() -> RULES)
              .uri("redis-sentinel://127.0.0.1:" + sentinel.port() + "#limits")
              .timeout(Duration.ofMillis(500));
      try (RedisRateLimiter limiter = builder.build()) {
        assertThat(limiter.check(user.withCost(60)).statuses().get(0).remaining()).isEqualTo(40);
        awaitKey(replica);
        first.kill();
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(50))
            .until(() -> !limiter.check(user.peek()).degraded());
        assertThat(limiter.check(user.withCost(40)).isAllowed()).isTrue();
        assertThat(limiter.check(user).isAllowed()).isFalse();
      }
    }
  }

  private static void awaitReplica(RedisProcess sentinel) {
    RedisClient client = RedisClient.create();
    try (var connection = client.connectSentinel(RedisURI.create("127.0.0.1", sentinel.port()))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !connection.sync().replicas("limits").isEmpty());
    } finally {
      client.shutdown();
    }
  }

  private static void awaitKey(RedisProcess replica) {
    RedisClient client = RedisClient.create(replica.uri());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      await().atMost(Duration.ofSeconds(60)).until(() -> connection.sync().dbsize() > 0);
    } finally {
      client.shutdown();
    }
  }
}
