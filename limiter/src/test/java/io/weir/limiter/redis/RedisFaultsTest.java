package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The same, and what else a Redis can do to callers. */
class RedisFaultsTest extends RedisFaultsTck {

  @Override
  RedisServer startRedis() {
    return RedisProcess.start();
  }

  @Test
  void startsWithoutItAndUsesItWhenItIsThere() {
    redis.kill();
    try (RedisRateLimiter early =
        RedisRateLimiter.builder(() -> rules).uri(redis.uri()).timeout(TIMEOUT).build()) {
      assertThat(early.check(Request.of("api", "denied", "1")).isAllowed()).isFalse();
      redis.startAgain();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !early.check(Request.of("api", "denied", "1")).degraded());
    }
  }

  @Test
  void whoWaitsIsAnsweredWhenTheLimiterIsClosed() {
    redis.pause();
    RedisRateLimiter closing =
        RedisRateLimiter.builder(() -> rules)
            .uri(redis.uri())
            .timeout(Duration.ofMinutes(5))
            .build();
    CompletableFuture<Decision> check =
        closing.checkAsync(Request.of("api", "denied", "1")).toCompletableFuture();
    CompletableFuture<Decision> reset =
        closing.resetAsync(Request.of("api", "denied", "1")).toCompletableFuture();
    closing.close();
    assertThat(check.orTimeout(20, TimeUnit.SECONDS).join().degraded()).isTrue();
    assertThatThrownBy(() -> reset.orTimeout(20, TimeUnit.SECONDS).join())
        .hasCauseInstanceOf(RedisUnavailableException.class);
  }

  @Test
  void aRefundOrResetThatWasNeverSentWasCertainlyNotCarriedOut() {
    Request request = Request.of("api", "denied", "1");
    CircuitBreakerConfig impatient =
        CircuitBreakerConfig.custom().slidingWindowSize(1).minimumNumberOfCalls(1).build();
    try (RedisRateLimiter alone =
        RedisRateLimiter.builder(() -> rules)
            .uri("redis://127.0.0.1:1")
            .timeout(Duration.ofSeconds(5))
            .circuitBreaker(impatient)
            .build()) {
      RedisUnavailableException nobodyListens = unavailable(() -> alone.refund(request, 1));
      assertThat(nobodyListens.isCertainlyNotDone()).as("%s", nobodyListens).isTrue();
      assertThat(nobodyListens.messageOfChange())
          .isEqualTo("Redis cannot be asked: there is no connection; it was not carried out");

      RedisUnavailableException nobodyIsAsked = unavailable(() -> alone.reset(request));
      assertThat(nobodyIsAsked.isCertainlyNotDone()).isTrue();
      assertThat(nobodyIsAsked)
          .hasMessage("Redis failed lately and is not asked for a while: there is no connection");
    }
  }

  @Test
  void aRefundOrResetThatRedisDoesNotAnswerMayHaveBeenCarriedOut() {
    Request request = Request.of("api", "denied", "1");
    limiter.check(request);
    redis.pause();
    try {
      assertThat(unavailable(() -> limiter.refund(request, 1)).isCertainlyNotDone()).isFalse();
      assertThat(unavailable(() -> limiter.reset(request)).messageOfChange())
          .endsWith("; it may have been carried out all the same");
    } finally {
      redis.resume();
    }
  }

  private static RedisUnavailableException unavailable(Runnable change) {
    return assertThatExceptionOfType(RedisUnavailableException.class)
        .isThrownBy(change::run)
        .actual();
  }

  @Test
  void aReplicaThatWasTheMasterRefusesAndIsNoReasonToFailLater() {
    try (RedisProcess master = RedisProcess.start()) {
      try (RedisClient client = RedisClient.create(redis.uri());
          StatefulRedisConnection<String, String> connection = client.connect()) {
        connection.sync().replicaof("127.0.0.1", master.port());
        Decision refused = limiter.check(Request.of("api", "denied", "1"));
        assertThat(refused.degraded()).isTrue();
        connection.sync().replicaofNoOne();
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !limiter.check(Request.of("api", "denied", "1")).degraded());
    }
  }

  @Test
  void aWrongPasswordIsAnErrorAtOnce() {
    try (RedisProcess guarded = RedisProcess.start("--requirepass", "secret")) {
      RedisRateLimiterBuilder builder =
          RedisRateLimiter.builder(() -> rules).timeout(Duration.ofSeconds(20));
      assertThatThrownBy(() -> builder.uri(guarded.uri()).build())
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("NOAUTH");
      assertThatThrownBy(() -> builder.uri("redis://:wrong@127.0.0.1:" + guarded.port()).build())
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("WRONGPASS");
      try (RedisRateLimiter right =
          builder.uri("redis://:secret@127.0.0.1:" + guarded.port()).build()) {
        assertThat(right.check(Request.of("api", "user_id", "1")).degraded()).isFalse();
      }
    }
  }

  @Test
  void aServerThatIsNoClusterIsAnErrorAtOnceWhereAClusterIsAskedFor() {
    RedisRateLimiterBuilder builder = RedisRateLimiter.builder(() -> rules).cluster(redis.uri());
    assertThatThrownBy(builder::build)
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining("Redis refuses the connection: ")
        .hasMessageContaining("cluster support disabled");
  }

  @Test
  void moreThanMayWaitAreDecidedAtOnce() {
    try (RedisRateLimiter narrow =
        RedisRateLimiter.builder(() -> rules)
            .uri(redis.uri())
            .timeout(Duration.ofSeconds(20))
            .maxWaiting(10)
            .build()) {
      narrow.check(Request.of("api", "user_id", "1"));
      redis.pause();
      List<CompletableFuture<Decision>> asked = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        asked.add(narrow.checkAsync(Request.of("api", "user_id", "1")).toCompletableFuture());
      }
      // Some travel, ten wait.
      assertThat(asked)
          .filteredOn(each -> each.isDone())
          .hasSizeGreaterThan(30)
          .allSatisfy(each -> assertThat(each.join().message().orElseThrow()).contains("wait"));
      redis.resume();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> asked.stream().allMatch(it -> it.isDone()));
    }
  }
}
