package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class InMemoryBackendTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int THREADS = 4;
  private final FakeClock clock = new FakeClock(1_700_000_040_000L);

  @Test
  void requestWithSeveralIdentifiersIsAllOrNothing() {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).build();
    Match both = new Match(List.of(user("1", 5).identifiers().get(0), ip("a", 1)), true, 3);

    assertThat(backend.judge(both, 1).isAllowed()).isTrue();
    Decision denied = backend.judge(both, 1);

    assertThat(denied.isAllowed()).isFalse();
    assertThat(denied.identifier()).contains("api/user=1");
    assertThat(denied.rulesRevision()).isEqualTo(3);
    assertThat(denied.statuses().get(0).rule()).isEqualTo("ip");
    assertThat(denied.statuses().get(1).remaining()).isEqualTo(4);
  }

  @Test
  void idleRowsGoAsNewOnesComeAndNoUsedRowDoes() {
    InMemoryBackend backend =
        InMemoryBackend.builder()
            .clock(clock)
            .maxRows(4_000)
            .lateness(Duration.ofSeconds(10))
            .build();
    for (int i = 0; i < 1_000; i++) {
      backend.judge(user("old" + i, 1), 1);
    }
    clock.advance(MINUTE.plusSeconds(9));
    backend.judge(user("late", 1), 1);
    assertThat(backend.rows()).isEqualTo(1_001);

    clock.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 1_000; i++) {
      backend.judge(user("new" + i, 1), 1);
    }

    assertThat(backend.rows()).isEqualTo(1_001);
    assertThat(backend.evictedRows()).isZero();
    assertThat(backend.judge(user("late", 1), 1).isAllowed()).isFalse();
    assertThat(backend.judge(user("new0", 1), 1).isAllowed()).isFalse();
  }

  @Test
  void expireIdleDropsAllThatDecidesNothing() {
    InMemoryBackend backend =
        InMemoryBackend.builder().clock(clock).lateness(Duration.ZERO).build();
    backend.judge(user("1", 1), 1);
    backend.expireIdle();
    assertThat(backend.rows()).isEqualTo(1);

    clock.advance(MINUTE);
    backend.expireIdle();
    assertThat(backend.rows()).isZero();
  }

  @Test
  void rowsOfASpikeGoWhenOnlyKnownRowsAreWritten() {
    InMemoryBackend backend =
        InMemoryBackend.builder().clock(clock).maxRows(64).lateness(Duration.ZERO).build();
    for (int i = 0; i < 60; i++) {
      backend.judge(user("old" + i, 1), 1);
    }
    clock.advance(MINUTE);
    for (int i = 0; i < 8 * 61; i++) {
      backend.judge(user("busy", 1_000), 1);
    }
    assertThat(backend.rows()).isEqualTo(1);
    assertThat(backend.evictedRows()).isZero();
  }

  @Test
  void aboveTheBoundThoseGoThatWouldExpireSoonestAndAreCounted() {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).maxRows(16).build();
    for (int i = 0; i < 15; i++) {
      backend.judge(limited("day" + i, 1, Duration.ofDays(1)), 1);
    }
    for (int i = 0; i < 400; i++) {
      backend.judge(limited("minute" + i, 1, MINUTE), 1);
    }
    assertThat(backend.rows()).isEqualTo(16);
    assertThat(backend.evictedRows()).isEqualTo(399);
    for (int i = 0; i < 15; i++) {
      Match day = limited("day" + i, 1, Duration.ofDays(1));
      assertThat(backend.judge(day, 1).isAllowed()).isFalse();
    }
  }

  @Test
  void idleRowsGoBeforeOthersAndAreNotCounted() {
    InMemoryBackend backend =
        InMemoryBackend.builder().clock(clock).maxRows(10).lateness(Duration.ZERO).build();
    for (int i = 0; i < 10; i++) {
      backend.judge(user("old" + i, 1), 1);
    }
    clock.advance(MINUTE);
    for (int i = 0; i < 10; i++) {
      backend.judge(user("new" + i, 1), 1);
      assertThat(backend.rows()).isLessThanOrEqualTo(10);
    }
    assertThat(backend.evictedRows()).isZero();
    assertThat(backend.judge(user("new0", 1), 1).isAllowed()).isFalse();
  }

  @Test
  void idleRowMakesRoomWhereverItStandsAndIsNotCounted() {
    for (int idleAt = 0; idleAt < 12; idleAt++) {
      InMemoryBackend backend =
          InMemoryBackend.builder().clock(clock).maxRows(12).lateness(Duration.ZERO).build();
      for (int i = 0; i < 12; i++) {
        backend.judge(limited("user" + i, 1, i == idleAt ? MINUTE : Duration.ofDays(1)), 1);
      }
      clock.advance(MINUTE);

      backend.judge(user("new", 1), 1);

      assertThat(backend.rows()).isEqualTo(12);
      assertThat(backend.evictedRows()).isZero();
      assertThat(backend.judge(user("new", 1), 1).isAllowed()).isFalse();
    }
  }

  @Test
  void boundIsNotPassedHoweverManyInsertAtOnce() throws Exception {
    int perThread = 20_000;
    int maxRows = 1_000;
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).maxRows(maxRows).build();

    inParallel(
        thread -> {
          for (int i = 0; i < perThread; i++) {
            backend.judge(user(thread + "-" + i, 1), 1);
            if (i % 500 == 0) {
              assertThat(backend.rows()).isLessThanOrEqualTo(maxRows);
            }
          }
        });

    assertThat(backend.rows()).isBetween(maxRows * 8L / 10, (long) maxRows);
    assertThat(backend.rows() + backend.evictedRows()).isEqualTo((long) THREADS * perThread);
  }

  @Test
  void expiryWhileOthersJudgeAdmitsNotOneMore() throws Exception {
    AtomicLong nowMillis = new AtomicLong(1_700_000_040_000L);
    InMemoryBackend backend =
        InMemoryBackend.builder()
            .clock(() -> Instant.ofEpochMilli(nowMillis.get()))
            .lateness(Duration.ZERO)
            .maxRows(64)
            .build();
    Map<Long, AtomicLong> admitted = new ConcurrentHashMap<>();
    long windowMillis = 10;
    Match match = limited("hot", 3, Duration.ofMillis(windowMillis));

    inParallel(
        thread -> {
          for (int i = 0; i < 50_000; i++) {
            if (thread == 0) {
              nowMillis.incrementAndGet();
              backend.expireIdle();
              continue;
            }
            Decision decision = backend.judge(match, 1);
            if (decision.isAllowed()) {
              admitted
                  .computeIfAbsent(decision.nowMillis() / windowMillis, window -> new AtomicLong())
                  .incrementAndGet();
            }
          }
        });

    assertThat(admitted).isNotEmpty();
    assertThat(admitted.values()).allMatch(count -> count.get() <= 3);
  }

  @Test
  void denialsAndPeeksLeaveNoRow() {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).build();
    backend.judge(user("1", 1), 0);
    backend.judge(user("1", 1), 2);
    assertThat(backend.rows()).isZero();
  }

  @Test
  void clockSetBackNeverGivesTokensBack() {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).build();
    backend.judge(user("1", 1), 1);
    clock.advance(Duration.ofHours(-1));

    Decision decision = backend.judge(user("1", 1), 1);

    assertThat(decision.isAllowed()).isFalse();
    assertThat(decision.retryAfterMillis()).hasValue(Duration.ofMinutes(61).toMillis());
  }

  @Test
  void resetDropsAllRowsOfTheIdentifierAndNoOther() {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).maxRows(10).build();
    backend.judge(user("1", 1), 1);
    backend.judge(user("12", 1), 1);
    backend.judge(new Match(List.of(deeper("1", 1)), true, 0), 1);
    assertThat(backend.rows()).isEqualTo(3);

    Match named =
        new Match(
            List.of(new Match.IdentifierLimits(KeyText.of("api/user=1"), List.of())), true, 0);
    Decision decision = backend.reset(named);

    assertThat(decision.reason()).isEqualTo(Reason.RESET);
    assertThat(decision.statuses()).isEmpty();
    assertThat(backend.rows()).isEqualTo(1);
    assertThat(backend.judge(user("12", 1), 1).isAllowed()).isFalse();
    assertThat(backend.judge(user("1", 1), 1).isAllowed()).isTrue();
  }

  @Test
  void rowsThatComeAfterAResetHaveTheirOwnTurn() {
    InMemoryBackend backend =
        InMemoryBackend.builder().clock(clock).maxRows(10).lateness(Duration.ZERO).build();
    backend.judge(user("1", 1), 1);
    backend.reset(user("1", 1));
    clock.advance(MINUTE);
    backend.judge(user("1", 1), 1);

    backend.expireIdle();

    assertThat(backend.rows()).isEqualTo(1);
    assertThat(backend.judge(user("1", 1), 1).isAllowed()).isFalse();
  }

  @Test
  void refundThatFindsNothingLeavesNoRow() {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).build();
    assertThat(backend.refund(user("1", 1), 1, clock.millis()).reason()).isEqualTo(Reason.REFUNDED);
    assertThat(backend.rows()).isZero();
  }

  @Test
  void closedBackendSaysSo() {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).build();
    backend.judge(user("1", 1), 1);
    backend.close();
    assertThat(backend.rows()).isZero();
    List<Supplier<Decision>> uses =
        List.of(
            () -> backend.judge(user("1", 1), 1),
            () -> backend.refund(user("1", 1), 1, 0),
            () -> backend.reset(user("1", 1)));
    for (Supplier<Decision> use : uses) {
      assertThatThrownBy(use::get)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void senselessSettingsAndAnEmptyMatchAreRefused() {
    InMemoryBackend backend = InMemoryBackend.builder().build();
    assertThatThrownBy(() -> backend.judge(new Match(List.of(), false, 0), 1))
        .hasMessageContaining("no limit applies");
    assertThatThrownBy(() -> backend.reset(new Match(List.of(), false, 0)))
        .hasMessageContaining("no identifier is named");
    assertThatThrownBy(() -> backend.refund(user("1", 1), 0, 0))
        .hasMessageContaining("the cost of a refund is 0");
    assertThatThrownBy(() -> InMemoryBackend.builder().maxRows(0)).hasMessageContaining("maxRows");
    assertThatThrownBy(() -> InMemoryBackend.builder().lateness(Duration.ofMillis(-1)))
        .hasMessageContaining("lateness");
    assertThatThrownBy(() -> InMemoryBackend.builder().lateness(Duration.ofDays(366)))
        .hasMessageContaining("lateness is 366 d; it must be from 0 to 365 days");
  }

  @Test
  void theSmallestAndTheLargestSettingsAreTaken() {
    InMemoryBackend backend =
        InMemoryBackend.builder().maxRows(1).lateness(Duration.ofDays(365)).clock(clock).build();
    backend.judge(user("1", 5), 1);
    backend.judge(user("2", 5), 1);
    assertThat(backend.rows()).isEqualTo(1);
    assertThat(backend.evictedRows()).isEqualTo(1);
  }

  @Test
  void aLimiterClosesItsBackend() {
    InMemoryBackend backend = InMemoryBackend.builder().build();
    RateLimiter limiter = new RuleBasedRateLimiter(RuleSet::empty, backend, clock);
    limiter.close();
    assertThatThrownBy(() -> backend.judge(user("1", 1), 1)).hasMessageContaining("closed");
  }

  @Test
  void closedLimiterSaysSoWhetherALimitAppliesOrNot() {
    RateLimiter limiter = RateLimiter.inMemory(RuleSet.empty());
    limiter.close();
    Request request = Request.of("api", "user_id", "42");
    List<Supplier<Decision>> uses =
        List.of(
            () -> limiter.check(request),
            () -> limiter.refund(request, 0),
            () -> limiter.reset(request));
    for (Supplier<Decision> use : uses) {
      assertThatThrownBy(use::get)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void senselessRefundIsRefusedWhetherALimitAppliesOrNot() {
    RateLimiter limiter = RateLimiter.inMemory(RuleSet.empty());
    Request request = Request.of("api", "user_id", "42");
    assertThatThrownBy(() -> limiter.refund(request.withCost(0), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the cost of a refund is 0");
    assertThat(limiter.refund(request, 0).reason()).isEqualTo(Reason.NO_RULE);
  }

  /** Runs the work on all threads at once, and fails where one of them does. */
  private static void inParallel(IntConsumer work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Future<Boolean>> done = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        done.add(
            pool.submit(
                () -> {
                  start.await();
                  work.accept(thread);
                  return true;
                }));
      }
      for (Future<Boolean> each : done) {
        assertThat(each.get()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static Match user(String name, long requests) {
    return limited(name, requests, MINUTE);
  }

  private static Match limited(String name, long requests, Duration period) {
    return new Match(List.of(limits("user", name, requests, period)), true, 0);
  }

  private static Match.IdentifierLimits deeper(String name, long requests) {
    String identifier = "api/user=" + name;
    return new Match.IdentifierLimits(
        KeyText.of(identifier),
        List.of(
            new ApplicableLimit(
                KeyText.of(identifier + "|endpoint=a#"),
                "endpoint",
                Limit.of(new FixedWindow(), requests, MINUTE),
                LimitMode.ENFORCED)));
  }

  private static Match.IdentifierLimits ip(String name, long requests) {
    return limits("ip", name, requests, MINUTE);
  }

  private static Match.IdentifierLimits limits(
      String key, String name, long requests, Duration period) {
    String identifier = "api/" + key + "=" + name;
    return new Match.IdentifierLimits(
        KeyText.of(identifier),
        List.of(
            new ApplicableLimit(
                KeyText.of(identifier + "|#"),
                key,
                Limit.of(new FixedWindow(), requests, period),
                LimitMode.ENFORCED)));
  }
}
