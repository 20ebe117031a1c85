package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.Once;
import io.weir.limiter.OnceDecision;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that come more than once, against a real Redis. */
class OnceTest {
  private static final long START = 1_767_225_600_000L;
  private static final Duration HOUR = Duration.ofHours(1);

  private final FakeClock clock = new FakeClock(START);
  private final InjectedTimeBackend backend = SharedRedis.backend(clock, Duration.ZERO);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fixed_window",
        "token_bucket",
        "leaky_bucket",
        "sliding_window_log",
        "sliding_window_counter"
      })
  void requestThatComesAgainIsToldWhatWasDecidedAndChargedNoMore(String algorithm) {
    Match match = match("user_id", "algorithm: " + algorithm + ", requests_per_unit: 5");
    backend.judge(match, 1);
    OnceDecision first = once(match, 2, "a");
    clock.set(START + 700);
    OnceDecision second = once(match, 2, "a");
    assertThat(first.repeated()).isFalse();
    assertThat(second).isEqualTo(new OnceDecision(first.decision(), true));
    assertThat(first.decision().statuses().get(0).remaining()).isEqualTo(2);
    assertThat(once(match, 3, "b").decision().isAllowed()).isFalse();
    assertThat(once(match, 2, "c").decision().isAllowed()).isTrue();
  }

  @Test
  void deniedRequestIsJudgedAnewEachTime() {
    Match match = match("user_id", "requests_per_unit: 1");
    once(match, 1, "a");
    assertThat(once(match, 1, "b").decision().isAllowed()).isFalse();
    clock.set(START + 60_000);
    assertThat(once(match, 1, "b")).matches(it -> it.decision().isAllowed() && !it.repeated());
    assertThat(once(match, 1, "b")).matches(it -> it.decision().isAllowed() && it.repeated());
  }

  @Test
  void thoseThatTravelTogetherAreChargedOnceToo() {
    Match match = match("user_id", "requests_per_unit: 100");
    List<CompletionStage<OnceDecision>> stages =
        IntStream.range(0, 300)
            .mapToObj(i -> backend.onRedis().judgeOnceAsync(match, 1, new Once("r" + i % 20, HOUR)))
            .toList();
    long charged =
        stages.stream()
            .map(stage -> stage.toCompletableFuture().join())
            .filter(decision -> !decision.repeated())
            .count();
    assertThat(charged).isEqualTo(20);
    assertThat(backend.judge(match, 0).statuses().get(0).remaining()).isEqualTo(80);
  }

  @Test
  void peekIsNeverRepeated() {
    Match match = match("user_id", "requests_per_unit: 5");
    once(match, 0, "a");
    backend.judge(match, 1);
    OnceDecision again = once(match, 0, "a");
    assertThat(again.repeated()).isFalse();
    assertThat(again.decision().statuses().get(0).remaining()).isEqualTo(4);
  }

  @Test
  void rowsUnderOtherNumbersAreExchangedOnce() {
    backend.judge(match("user_id", "requests_per_unit: 5"), 1);
    Match changed = match("user_id", "requests_per_unit: 9");
    OnceDecision first = once(changed, 2, "a");
    OnceDecision second = once(changed, 2, "a");
    assertThat(first.decision().statuses().get(0).remaining()).isEqualTo(6);
    assertThat(second).isEqualTo(new OnceDecision(first.decision(), true));
    assertThat(backend.judge(changed, 0).statuses().get(0).remaining()).isEqualTo(6);
  }

  @Test
  void refundIsGivenOnce() {
    Match match = match("user_id", "algorithm: token_bucket, requests_per_unit: 9");
    long chargedAt = backend.judge(match, 6).nowMillis();
    OnceDecision first = refund(match, chargedAt);
    OnceDecision second = refund(match, chargedAt);
    assertThat(first.repeated()).isFalse();
    assertThat(second).isEqualTo(new OnceDecision(first.decision(), true));
    assertThat(backend.judge(match, 0).statuses().get(0).remaining()).isEqualTo(5);
  }

  private OnceDecision refund(Match match, long chargedAtMillis) {
    return backend
        .onRedis()
        .refundOnceAsync(match, 2, chargedAtMillis, new Once("refund", HOUR))
        .toCompletableFuture()
        .join();
  }

  @Test
  void requestWithSeveralIdentifiersIsChargedOnce() {
    Match match =
        rules(
                """
            - key: user_id
              rate_limit: {unit: minute, requests_per_unit: 5}
            - key: ip
              rate_limit: {unit: minute, requests_per_unit: 7}
            """)
            .match("api", Map.of("user_id", "1", "ip", "::1"));
    OnceDecision first = once(match, 1, "a");
    assertThat(once(match, 1, "a")).isEqualTo(new OnceDecision(first.decision(), true));
    assertThat(backend.judge(match, 0).statuses())
        .extracting(status -> status.remaining())
        .containsExactly(4L, 6L);
  }

  /** Which a cluster cannot do in one place. */
  @Test
  void requestWhoseIdentifiersAreInSeveralSlotsIsChargedEachTime() {
    InjectedTimeBackend inSlots =
        SharedRedis.backend(
            identifier -> identifier.hashCode() & 1023, new Contention(), clock, Duration.ZERO);
    Match match =
        rules(
                """
            - key: user_id
              rate_limit: {unit: minute, requests_per_unit: 5}
            - key: ip
              rate_limit: {unit: minute, requests_per_unit: 5}
            """)
            .match("api", Map.of("user_id", "1", "ip", "::1"));
    for (int i = 4; i >= 3; i--) {
      OnceDecision decision =
          inSlots
              .onRedis()
              .judgeOnceAsync(match, 1, new Once("a", HOUR))
              .toCompletableFuture()
              .join();
      assertThat(decision.repeated()).isFalse();
      assertThat(decision.decision().statuses().get(0).remaining()).isEqualTo(i);
    }
    long chargedAt = clock.millis();
    for (int i = 4; i <= 5; i++) {
      OnceDecision decision =
          inSlots
              .onRedis()
              .refundOnceAsync(match, 1, chargedAt, new Once("b", HOUR))
              .toCompletableFuture()
              .join();
      assertThat(decision.decision().statuses().get(0).remaining()).isEqualTo(i);
    }
  }

  @Test
  void otherLimitsThanThenAreToldAsIfNothingHadBeenUsed() {
    once(match("user_id", "requests_per_unit: 5"), 1, "a");
    Match more =
        rules(
                """
            - key: user_id
              rate_limits:
                - {name: a, unit: minute, requests_per_unit: 4}
                - {name: b, unit: hour, requests_per_unit: 3}
            """)
            .match("api", Map.of("user_id", "1"));
    OnceDecision told = once(more, 1, "a");
    assertThat(told.repeated()).isTrue();
    assertThat(told.decision().isAllowed()).isTrue();
    assertThat(backend.judge(more, 0).statuses())
        .extracting(status -> status.remaining())
        .containsExactlyInAnyOrder(4L, 3L);
  }

  @Test
  void whatWasDoneIsForgottenAfterTheHorizon() {
    Match match = match("user_id", "requests_per_unit: 5");
    Once shortly = new Once("a", Duration.ofMillis(40));
    backend.onRedis().judgeOnceAsync(match, 1, shortly).toCompletableFuture().join();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                !backend
                    .onRedis()
                    .judgeOnceAsync(match, 1, shortly)
                    .toCompletableFuture()
                    .join()
                    .repeated());
    assertThat(backend.judge(match, 0).statuses().get(0).remaining()).isEqualTo(3);
  }

  /** The figure that docs/redis.md gives. */
  @Test
  void whatIsRememberedOfARequestIsSmall() {
    Match match =
        rules(
                """
                - key: user_id
                  rate_limit: {algorithm: token_bucket, unit: minute, requests_per_unit: 100}
                """)
            .match("api", Map.of("user_id", "42"));
    backend.judge(match, 1);
    String name = "0123456789abcdef0123456789abcdef";
    once(match, 1, name);
    byte[] key = backend.key("api/user_id=42" + "}:" + name);
    assertThat(SharedRedis.connection().sync().memoryUsage(key)).isLessThanOrEqualTo(150);
  }

  @Test
  void resetIsDoneOnce() {
    Match match = match("user_id", "requests_per_unit: 5");
    backend.judge(match, 2);
    assertThat(reset(match).repeated()).isFalse();
    backend.judge(match, 3);
    OnceDecision again = reset(match);
    assertThat(again.repeated()).isTrue();
    assertThat(again.decision().statuses().get(0).remaining()).isEqualTo(5);
    assertThat(backend.judge(match, 0).statuses().get(0).remaining()).isEqualTo(2);
  }

  private OnceDecision reset(Match match) {
    return backend
        .onRedis()
        .resetOnceAsync(match, new Once("reset", HOUR))
        .toCompletableFuture()
        .join();
  }

  @Test
  void whatWasAllowedIsToldAsAllowedThoughTheRulesAreStricterNow() {
    once(match("user_id", "requests_per_unit: 5"), 3, "a");
    OnceDecision told = once(match("user_id", "requests_per_unit: 0"), 3, "a");
    assertThat(told.repeated()).isTrue();
    assertThat(told.decision().isAllowed()).isTrue();
    assertThat(told.decision().retryAfterMillis()).isEmpty();
  }

  @Test
  void rowOfAnotherLimitIsNotToldAsThisOnes() {
    Match before =
        rules(
                """
                - key: user_id
                  rate_limits:
                    - {name: small, unit: minute, requests_per_unit: 4}
                    - {name: large, unit: hour, requests_per_unit: 90}
                """)
            .match("api", Map.of("user_id", "1"));
    backend.judge(before, 2);
    once(before, 1, "a");
    Match after =
        rules(
                """
                - key: user_id
                  rate_limits:
                    - {name: other, unit: minute, requests_per_unit: 9}
                    - {name: large, unit: hour, requests_per_unit: 90}
                """)
            .match("api", Map.of("user_id", "1"));
    assertThat(once(after, 1, "a").decision().statuses())
        .extracting(status -> status.remaining())
        .containsExactly(8L, 87L);
  }

  @Test
  void longLogIsNotRememberedWithARefund() {
    Match match = match("user_id", "algorithm: sliding_window_log, requests_per_unit: 2000");
    for (int i = 0; i < 1_000; i++) {
      clock.set(START + i);
      backend.judge(match, 1);
    }
    refund(match, START + 5);
    assertThat(SharedRedis.connection().sync().memoryUsage(backend.key("api/user_id=1}:refund")))
        .isLessThan(200);
    assertThat(refund(match, START + 5).repeated()).isTrue();
  }

  @Test
  void nameAndHorizonAreNeeded() {
    assertThatThrownBy(() -> new Once("", HOUR)).hasMessage("the request's name is empty");
    assertThatThrownBy(() -> new Once("a", Duration.ZERO))
        .hasMessage("the horizon is 0 ms; it must be from 1 ms to 365 days");
    assertThatThrownBy(() -> new Once("a", Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("it must be from 1 ms to 365 days");
    assertThat(new Once("a", Duration.ofDays(365)).horizon()).hasDays(365);
  }

  private OnceDecision once(Match match, long cost, String name) {
    return backend
        .onRedis()
        .judgeOnceAsync(match, cost, new Once(name, HOUR))
        .toCompletableFuture()
        .join();
  }

  private static Match match(String key, String limit) {
    return rules("- key: " + key + "\n  rate_limit: {unit: minute, " + limit + "}\n")
        .match("api", Map.of(key, "1"));
  }

  private static RuleSet rules(String descriptors) {
    String yaml = "domain: api\ndescriptors:\n" + descriptors.indent(2);
    return RuleSet.of(RulesReader.standard().read("once.yaml", yaml));
  }
}
