package io.weir.limiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.rule.ApplicableLimit;
import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.rule.Match;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class InMemoryBackendTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
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
  void manyThreadsOnCrossingIdentifiersAdmitExactlyTheLimit() throws Exception {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).build();
    Match forth = new Match(List.of(user("1", 1_000).identifiers().get(0), ip("a", 900)), true, 0);
    Match back = new Match(List.of(ip("a", 900), user("1", 1_000).identifiers().get(0)), true, 0);
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<Integer>> counts = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Match match = t % 2 == 0 ? forth : back;
        Callable<Integer> work =
            () -> {
              start.await();
              int allowed = 0;
              for (int i = 0; i < 500; i++) {
                allowed += backend.judge(match, 1).isAllowed() ? 1 : 0;
              }
              return allowed;
            };
        counts.add(pool.submit(work));
      }
      int allowed = 0;
      for (Future<Integer> count : counts) {
        allowed += count.get();
      }
      assertThat(allowed).isEqualTo(900);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void idleRowsGoAsNewOnesComeAndNoUsedRowDoes() {
    InMemoryBackend backend =
        InMemoryBackend.builder().clock(clock).lateness(Duration.ofSeconds(10)).build();
    for (int i = 0; i < 1_000; i++) {
      backend.judge(user("old" + i, 1), 1);
    }
    clock.advance(MINUTE.plusSeconds(9));
    backend.judge(user("late", 1), 1);
    assertThat(backend.rows()).isEqualTo(1_001);

    clock.advance(Duration.ofSeconds(1));
    for (int i = 0; i < 300; i++) {
      backend.judge(user("new" + i, 1), 1);
    }

    assertThat(backend.rows()).isEqualTo(301);
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
  void boundHoldsByDroppingRowsThatWouldExpireSoonestAndCountsThem() {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).maxRows(100).build();
    for (int i = 0; i < 100; i++) {
      backend.judge(limited("day" + i, 1, Duration.ofDays(1)), 1);
    }
    for (int i = 0; i < 400; i++) {
      backend.judge(limited("minute" + i, 1, MINUTE), 1);
      assertThat(backend.rows()).isLessThanOrEqualTo(100);
    }
    assertThat(backend.evictedRows()).isEqualTo(400);
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
  void closedBackendSaysSo() {
    InMemoryBackend backend = InMemoryBackend.builder().clock(clock).build();
    backend.judge(user("1", 1), 1);
    backend.close();
    assertThat(backend.rows()).isZero();
    assertThatThrownBy(() -> backend.judge(user("1", 1), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void senselessSettingsAndAnEmptyMatchAreRefused() {
    InMemoryBackend backend = InMemoryBackend.builder().build();
    assertThatThrownBy(() -> backend.judge(new Match(List.of(), false, 0), 1))
        .hasMessageContaining("no limit applies");
    assertThatThrownBy(() -> InMemoryBackend.builder().maxRows(0)).hasMessageContaining("maxRows");
    assertThatThrownBy(() -> InMemoryBackend.builder().lateness(Duration.ofMillis(-1)))
        .hasMessageContaining("lateness");
  }

  private static Match user(String name, long requests) {
    return limited(name, requests, MINUTE);
  }

  private static Match limited(String name, long requests, Duration period) {
    return new Match(List.of(limits("user", name, requests, period)), true, 0);
  }

  private static Match.IdentifierLimits ip(String name, long requests) {
    return limits("ip", name, requests, MINUTE);
  }

  private static Match.IdentifierLimits limits(
      String key, String name, long requests, Duration period) {
    String identifier = "api/" + key + "=" + name;
    return new Match.IdentifierLimits(
        identifier,
        List.of(
            new ApplicableLimit(
                identifier + "|#",
                key,
                Limit.of(new FixedWindow(), requests, period),
                LimitMode.ENFORCED)));
  }
}
