package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.weir.limiter.Decision;
import io.weir.limiter.LimitStatus;
import io.weir.limiter.Reason;
import io.weir.limiter.Request;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.OnError;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisRateLimiterTest {
  private static final String BUCKETS =
      """
      - key: user_id
        rate_limit: {algorithm: token_bucket, unit: minute, requests_per_unit: 100, burst: 200}
      """;

  private final String prefix = SharedRedis.newPrefix();
  private RedisRateLimiter limiter = start(BUCKETS);

  private RedisRateLimiter start(String descriptors) {
    RuleSet rules = rules(descriptors);
    return RedisRateLimiter.builder(() -> rules)
        .uri(SharedRedis.uri())
        .keyPrefix(prefix)
        .timeout(Duration.ofSeconds(20))
        .build();
  }

  private static RuleSet rules(String descriptors) {
    return RuleSet.of(
        RulesReader.standard().read("test", "domain: api\ndescriptors:\n" + descriptors.indent(2)));
  }

  private void startWith(String descriptors) {
    limiter.close();
    limiter = start(descriptors);
  }

  @AfterEach
  void close() {
    limiter.close();
  }

  private static Request user(String id) {
    return Request.of("api", "user_id", id);
  }

  private static RedisCommands<byte[], byte[]> redis() {
    return SharedRedis.connection().sync();
  }

  private byte[] key(String identifier) {
    return (prefix + "{" + identifier + "}").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void tellsWhereItIsWithoutThePassword() {
    String uri = SharedRedis.uri();
    assertThat(limiter)
        .hasToString(
            "RedisRateLimiter[RedisBackend["
                + uri.substring(uri.indexOf("//") + 2)
                + ", keys "
                + prefix
                + "…]]");
    for (String text : List.of("redis://me:pass@localhost:1", "redis://:pass@localhost:1")) {
      try (RedisRateLimiter away = RedisRateLimiter.of(rules("- key: a"), text)) {
        assertThat(away).hasToString("RedisRateLimiter[RedisBackend[localhost:1, keys weir:…]]");
      }
    }
    String sentinels = "redis-sentinel://:pass@localhost:1,localhost:2/0#main";
    try (RedisRateLimiter away = RedisRateLimiter.of(rules("- key: a"), sentinels)) {
      assertThat(away)
          .hasToString(
              "RedisRateLimiter[RedisBackend[main by Sentinel at localhost:1, localhost:2, keys"
                  + " weir:…]]");
    }
  }

  @Test
  void decidesAtTheTimeOfRedisAndTellsAllThatMemoryTells() {
    Decision decision = limiter.check(user("42").withCost(50));
    assertThat(decision.isAllowed()).isTrue();
    assertThat(decision.degraded()).isFalse();
    assertThat(decision.statuses()).extracting(LimitStatus::remaining).containsExactly(150L);
    assertThat(decision.statuses().get(0).resetAtMillis()).isEqualTo(decision.nowMillis() + 30_000);
    List<byte[]> time = redis().time();
    long nowMillis = Long.parseLong(new String(time.get(0), StandardCharsets.UTF_8)) * 1_000;
    assertThat(decision.nowMillis()).isBetween(nowMillis - 20_000, nowMillis + 1_000);
  }

  @Test
  void aKeyOfATokenBucketTakesAHundredBytesAtMost() {
    limiter.check(user("4711"));
    assertThat(redis().memoryUsage(key("api/user_id=4711"))).isLessThanOrEqualTo(100);
  }

  @Test
  void whatIsRefundedOrResetIsThereAgain() {
    Decision taken = limiter.check(user("42").withCost(200));
    assertThat(limiter.check(user("42").withCost(200)).reason()).isEqualTo(Reason.OVER_LIMIT);
    Decision refunded = limiter.refund(user("42").withCost(150), taken.nowMillis());
    assertThat(refunded.reason()).isEqualTo(Reason.REFUNDED);
    assertThat(refunded.statuses().get(0).remaining()).isBetween(150L, 152L);
    assertThat(limiter.reset(user("42")).reason()).isEqualTo(Reason.RESET);
    assertThat(redis().exists(key("api/user_id=42"))).isZero();
    assertThat(limiter.check(user("42").withCost(200)).isAllowed()).isTrue();
  }

  @Test
  void whatIsRememberedCanBeSeenAndIsNotTouched() throws Exception {
    assertThat(limiter.inspect("api/user_id=42").toCompletableFuture().get().rows()).isEmpty();
    Decision decision = limiter.check(user("42").withCost(50));

    StoredRows seen = limiter.inspect("api/user_id=42").toCompletableFuture().get();

    assertThat(seen.timeMillis()).isBetween(decision.nowMillis(), decision.nowMillis() + 20_000);
    assertThat(seen.rows()).containsOnlyKeys("api/user_id=42|#");
    StoredLimit row = seen.rows().values().iterator().next();
    assertThat(row.limit().burst()).isEqualTo(200);
    assertThat(row.state().lastMillis()).isEqualTo(decision.nowMillis());
    assertThat(limiter.inspect("api/user_id=42").toCompletableFuture().get().rows())
        .isEqualTo(seen.rows());
  }

  @Test
  void whatIsNoRowCannotBeSeen() {
    redis().set(key("api/user_id=42"), new byte[] {1, 2, 3});

    assertThat(limiter.inspect("api/user_id=42").toCompletableFuture())
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(RedisUnavailableException.class)
        .withMessageContaining("api/user_id=42 makes no sense");
  }

  @Test
  void nothingCanBeSeenOfARedisThatIsAway() {
    try (RedisRateLimiter alone =
        RedisRateLimiter.builder(RuleSet::empty).uri("redis://127.0.0.1:1").build()) {
      assertThat(alone.inspect("api/user_id=42").toCompletableFuture())
          .failsWithin(Duration.ofSeconds(20))
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(RedisUnavailableException.class);
    }
  }

  @Test
  void whatIsRefusedIsDeniedAndNotCharged() throws Exception {
    RuleSet rules = rules(BUCKETS);
    try (RedisRateLimiter picky =
        RedisRateLimiter.builder(() -> rules)
            .uri(SharedRedis.uri())
            .keyPrefix(prefix)
            .refuse(
                match -> Optional.of("too long").filter(why -> match.toString().contains("xxx")))
            .timeout(Duration.ofSeconds(20))
            .build()) {
      assertThat(picky.check(user("42")).isAllowed()).isTrue();
      Decision refused = picky.check(user("xxx"));
      assertThat(refused.reason()).isEqualTo(Reason.INVALID_REQUEST);
      assertThat(refused.message()).hasValue("too long");
      assertThat(later(picky.checkAsync(user("xxx"))).message()).hasValue("too long");
      assertThat(redis().exists(key("api/user_id=xxx"))).isZero();
    }
  }

  @Test
  void answersLaterWhatIsAskedSo() throws Exception {
    Decision taken = later(limiter.checkAsync(user("42").withCost(200)));
    assertThat(taken.isAllowed()).isTrue();
    assertThat(later(limiter.checkAsync(user("42").withCost(150))).isAllowed()).isFalse();
    assertThat(later(limiter.refundAsync(user("42").withCost(200), taken.nowMillis())).reason())
        .isEqualTo(Reason.REFUNDED);
    assertThat(later(limiter.resetAsync(user("42"))).reason()).isEqualTo(Reason.RESET);
    assertThat(later(limiter.checkAsync(Request.of("api", "ip", "::1"))).reason())
        .isEqualTo(Reason.NO_RULE);
    assertThat(later(limiter.checkAsync(user(""))).reason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThatThrownBy(() -> limiter.refundAsync(user("42"), -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Decision later(CompletionStage<Decision> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token_bucket, burst: 7",
        "leaky_bucket, burst: 7",
        "fixed_window",
        "sliding_window_log",
        "sliding_window_counter"
      })
  void aKeyVanishesExactlyWhenItIsIdle(String algorithm) {
    startWith(
        "- key: user_id\n  rate_limit: {unit: minute, requests_per_unit: 7, algorithm: "
            + algorithm
            + "}\n");
    Decision decision = limiter.check(user("42").withCost(3));
    // Redis's own arithmetic: what is left to live, and the time at that moment.
    String script =
        "local t = redis.call('TIME') return tostring(redis.call('PTTL', KEYS[1])"
            + " + t[1] * 1000 + math.floor(t[2] / 1000) - "
            + decision.statuses().get(0).resetAtMillis()
            + ")";
    byte[][] keys = {key("api/user_id=42")};
    byte[] off =
        redis().<byte[]>eval(script.getBytes(StandardCharsets.UTF_8), ScriptOutputType.VALUE, keys);
    // Redis rounds its own clock twice.
    assertThat(Long.parseLong(new String(off, StandardCharsets.UTF_8))).isBetween(-1L, 1L);
  }

  @Test
  void allRowsOfAnIdentifierAreInOneKeyAndIdleOnesGo() {
    startWith(
        """
        - key: user_id
          rate_limit: {unit: day, requests_per_unit: 100}
          descriptors:
            - key: endpoint
              rate_limit: {algorithm: token_bucket, unit: second, requests_per_unit: 1000}
        """);
    byte[] key = key("api/user_id=42");
    limiter.check(Request.of("api", "user_id", "42"));
    long alone = redis().strlen(key);
    limiter.check(new Request("api", Map.of("user_id", "42", "endpoint", "/a"), 1));
    long both = redis().strlen(key);
    assertThat(both).isGreaterThan(alone);
    assertThat(redis().pttl(key)).isGreaterThan(2_000);
    // A token comes back in a millisecond.
    await()
        .until(
            () -> {
              limiter.check(Request.of("api", "user_id", "42"));
              return redis().strlen(key) == alone;
            });
  }

  @Test
  void judgesSeveralIdentifiersAllOrNothing() {
    startWith(
        """
        - {key: user_id, rate_limit: {unit: hour, requests_per_unit: 100}}
        - {key: ip, rate_limit: {unit: hour, requests_per_unit: 1}}
        """);
    Request both = Request.of("api", Map.of("user_id", "42", "ip", "::1"));
    assertThat(limiter.check(both).isAllowed()).isTrue();
    assertThat(limiter.check(both).isAllowed()).isFalse();
    assertThat(limiter.check(user("42").peek()).statuses().get(0).remaining()).isEqualTo(99);
  }

  @Test
  void goesOnWhenRedisForgetsTheScriptOrEverything() {
    limiter.check(user("42").withCost(50));
    redis().scriptFlush();
    assertThat(limiter.check(user("42").withCost(50)).statuses().get(0).remaining())
        .isBetween(100L, 110L);
    redis().del(key("api/user_id=42"));
    assertThat(limiter.check(user("42").withCost(50)).statuses().get(0).remaining()).isEqualTo(150);
  }

  @Test
  void aRowThatIsNoneIsNoReasonToFail() {
    redis().lpush(key("api/user_id=list"), new byte[] {1});
    Decision wrongType = limiter.check(user("list"));
    assertThat(wrongType.isAllowed()).isTrue();
    assertThat(wrongType.degraded()).isTrue();
    assertThat(wrongType.reason()).isEqualTo(Reason.BACKEND_FAILED);
    assertThat(wrongType.message().orElseThrow()).contains("WRONGTYPE");
    redis()
        .set(key("api/user_id=text"), "some text that is no row".getBytes(StandardCharsets.UTF_8));
    assertThat(limiter.check(user("text")).degraded()).isTrue();
    assertThatThrownBy(() -> limiter.refund(user("list"), 1))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining("WRONGTYPE");
    assertThatThrownBy(() -> later(limiter.refundAsync(user("list"), 1)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(RedisUnavailableException.class);
    assertThat(limiter.reset(user("list")).reason()).isEqualTo(Reason.RESET);
    assertThat(limiter.check(user("list")).degraded()).isFalse();
  }

  @Test
  void whatIsWrongWithOneKeyDoesNotHarmTheOthersOfTheCall() throws Exception {
    redis().lpush(key("api/user_id=list"), new byte[] {1});
    redis().set(key("api/user_id=short"), new byte[] {0, 0});
    List<CompletionStage<Decision>> decisions = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      decisions.add(limiter.checkAsync(user(List.of("list", "short", "" + i).get(i % 3))));
    }
    for (int i = 0; i < decisions.size(); i++) {
      assertThat(later(decisions.get(i)).degraded()).isEqualTo(i % 3 < 2);
    }
  }

  @Test
  void whatIsBehindTheRowsIsNotKept() {
    limiter.check(user("42"));
    byte[] key = key("api/user_id=42");
    long length = redis().strlen(key);
    redis().append(key, "and something else".getBytes(StandardCharsets.UTF_8));
    assertThat(limiter.check(user("42")).statuses().get(0).remaining()).isEqualTo(198);
    assertThat(redis().strlen(key)).isEqualTo(length);
  }

  @Test
  void refusesAttributesThatMakeKeysTooLong() {
    startWith(
        """
        - key: user_id
          descriptors:
            - {key: endpoint, rate_limit: {unit: hour, requests_per_unit: 1}}
        """);
    Request request = Request.of("api", Map.of("user_id", "42", "endpoint", "/".repeat(30_000)));
    Decision decision = limiter.check(request);
    assertThat(decision.reason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(decision.message().orElseThrow()).contains("too long");
  }

  @Test
  void rulesThatChangeKeepWhatWasUsed() {
    limiter.check(user("42").withCost(150));
    startWith(BUCKETS.replace("burst: 200", "burst: 300"));
    Decision more = limiter.check(user("42").withCost(100));
    assertThat(more.statuses().get(0).remaining()).isBetween(50L, 60L);
    startWith("- key: user_id\n  rate_limit: {unit: minute, requests_per_unit: 10}\n");
    assertThat(limiter.check(user("42")).statuses().get(0).remaining()).isEqualTo(9);
  }

  @Test
  void limitsThatTheScriptCannotCountAreCountedByTheCaller() {
    long most = Long.MAX_VALUE / 2;
    startWith("- key: user_id\n  rate_limit: {unit: hour, requests_per_unit: " + most + "}\n");
    assertThat(limiter.check(user("42").withCost(5)).statuses().get(0).remaining())
        .isEqualTo(most - 5);
    assertThat(limiter.check(user("42").withCost(most - 5)).isAllowed()).isTrue();
    assertThat(limiter.check(user("42")).reason()).isEqualTo(Reason.OVER_LIMIT);
  }

  @Test
  void isClosedForGood() {
    limiter.close();
    assertThatThrownBy(() -> limiter.check(user("42"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> limiter.checkAsync(user("42")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    RedisRateLimiterBuilder builder = RedisRateLimiter.builder(RuleSet::empty);
    assertThatThrownBy(() -> builder.uri("localhost")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(builder::cluster).hasMessageContaining("no server");
    assertThatThrownBy(() -> builder.keyPrefix("a{b")).hasMessageContaining("'{'");
    for (Duration wrong :
        List.of(Duration.ZERO, Duration.ofNanos(999_999), Duration.ofSeconds(Long.MAX_VALUE))) {
      assertThatThrownBy(() -> builder.timeout(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("it must be from 1 ms to an hour");
    }
    assertThatThrownBy(() -> builder.lateness(Duration.ofMillis(-1)))
        .hasMessageContaining("from 0 to");
    assertThatThrownBy(() -> builder.maxWaiting(0)).hasMessageContaining("1 or more");
    assertThatThrownBy(() -> builder.spin(Duration.ofNanos(-1))).hasMessageContaining("0 to 1 ms");
    assertThatThrownBy(() -> builder.spin(Duration.ofNanos(1_000_001)))
        .hasMessageContaining("0 to 1 ms");
    assertThatThrownBy(() -> builder.localShare(0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> builder.localShare(1.5)).hasMessageContaining("at most 1");
    assertThatThrownBy(() -> builder.localMaxRows(0)).hasMessageContaining("1 or more");
    builder.onError(OnError.LOCAL);
  }
}
