package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests of which one identifier is shared, and asked last. */
class SplitRequestsTest {
  private static final RuleSet RULES =
      RuleSet.of(
          RulesReader.standard()
              .read(
                  "test",
                  """
                  domain: api
                  descriptors:
                    - {key: tenant, rate_limit: {unit: day, requests_per_unit: 3}}
                    - {key: user_id, rate_limit: {unit: day, requests_per_unit: 5}}
                  """));

  private static final Contention OF_TENANTS =
      new Contention() {
        @Override
        int heat(KeyText identifier) {
          return identifier.toString().contains("tenant") ? 1 : 0;
        }
      };

  private final InjectedTimeBackend backend =
      SharedRedis.backend(
          Slots.ofCluster(), OF_TENANTS, () -> Instant.ofEpochMilli(1_000), Duration.ZERO);
  private final RuleBasedRateLimiter limiter =
      new RuleBasedRateLimiter(() -> RULES, backend, () -> Instant.ofEpochMilli(1_000));

  private static Request of(String tenant, String user) {
    return Request.of("api", Map.of("tenant", tenant, "user_id", user));
  }

  private long leftOfUser(String user) {
    return limiter.check(Request.of("api", "user_id", user).peek()).statuses().get(0).remaining();
  }

  @Test
  void answersAreInTheOrderOfTheRules() {
    Decision decision = limiter.check(of("t", "1"));

    assertThat(decision.isAllowed()).isTrue();
    assertThat(decision.statuses())
        .extracting(status -> status.rule() + " " + status.remaining())
        .containsExactly("api.tenant 2", "api.user_id 4");
  }

  @Test
  void whatIsHeldIsGivenBackWhereTheSharedOneDenies() {
    for (int i = 0; i < 3; i++) {
      assertThat(limiter.check(of("t", "1")).isAllowed()).isTrue();
    }

    Decision denied = limiter.check(of("t", "2"));

    assertThat(denied.isAllowed()).isFalse();
    assertThat(denied.statuses()).extracting(status -> status.remaining()).containsExactly(0L, 5L);
    assertThat(leftOfUser("2")).isEqualTo(5);
  }

  @Test
  void theSharedOneIsNotTakenWhereAnotherDenies() {
    assertThat(limiter.check(of("t", "1").withCost(3)).isAllowed()).isTrue();
    assertThat(limiter.check(of("other", "1").withCost(3)).isAllowed()).isFalse();

    assertThat(limiter.check(of("other", "2").withCost(3)).isAllowed()).isTrue();
  }

  @Test
  void whatIsHeldIsGivenBackWhereTheSharedOneCannotBeAsked() {
    assertThat(limiter.check(of("t", "1")).isAllowed()).isTrue();
    RedisCommands<byte[], byte[]> redis = SharedRedis.connection().sync();
    byte[] key = backend.key("api/tenant=t}");
    redis.del(key);
    redis.lpush(key, "no value of Weir's".getBytes(StandardCharsets.UTF_8));

    assertThat(limiter.check(of("t", "1")).degraded()).isTrue();

    await().untilAsserted(() -> assertThat(leftOfUser("1")).isEqualTo(4));
  }
}
