package io.weir.limiter.plain;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many threads at one key: never two budgets, whatever the interleaving. */
class PlainLimiterConcurrencyTest {
  private static final int THREADS = 4;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final long START = 1_800_000_000_000L;

  static Stream<Limit> limitsOfFiveThousand() {
    return Stream.of(
        Limit.fixedWindow(5_000, HOUR),
        Limit.tokenBucket(5_000, HOUR),
        Limit.leakyBucket(5_000, HOUR),
        Limit.slidingWindowLog(5_000, HOUR),
        Limit.slidingWindowCounter(5_000, HOUR));
  }

  @ParameterizedTest
  @MethodSource("limitsOfFiveThousand")
  void whileTheClockStandsExactlyTheLimitIsAdmitted(Limit limit) throws Exception {
    KeyedLimiter<String> limiter = KeyedLimiter.builder(limit).clock(new FakeClock(START)).build();
    PlainLimiter held = limiter.key("hot");
    long admitted =
        admittedByAll(
            20_000,
            attempt ->
                switch (attempt % 4) {
                  case 0 -> limiter.tryAcquire("hot");
                  case 1 -> limiter.check("hot").isAllowed();
                  default -> held.tryAcquire();
                });
    assertThat(admitted).isEqualTo(5_000);
  }

  static Stream<Limit> limitsOfTenAMillisecond() {
    return Stream.of(
        Limit.fixedWindow(10, MILLI),
        Limit.tokenBucket(10, MILLI),
        Limit.leakyBucket(10, MILLI),
        Limit.slidingWindowLog(10, MILLI),
        Limit.slidingWindowCounter(10, MILLI));
  }

  /** Each millisecond the keys are idle, and go: whoever asks meets dying cells all the time. */
  @ParameterizedTest
  @MethodSource("limitsOfTenAMillisecond")
  void keysThatGoWhileTheyAreAskedForNeverHaveTwoBudgets(Limit limit) throws Exception {
    FakeClock clock = new FakeClock(START);
    KeyedLimiter<String> limiter =
        KeyedLimiter.builder(limit).clock(clock).lateness(Duration.ZERO).build();
    PlainLimiter held = limiter.key("hot");
    long admitted =
        admittedByAll(
            50_000,
            attempt -> {
              if (attempt % 50 == 0) {
                clock.advance(Duration.ofMillis(2));
                limiter.expireIdle();
              }
              return attempt % 2 == 0 ? held.tryAcquire() : limiter.tryAcquire("hot");
            });
    long elapsedMillis = clock.millis() - START;
    assertThat(admitted).isBetween(elapsedMillis, 10 * (elapsedMillis + 1));
  }

  @ParameterizedTest
  @MethodSource("limitsOfFiveThousand")
  void keysThatComeAllAtOnceHaveOneBudgetEach(Limit limit) throws Exception {
    KeyedLimiter<Integer> limiter = KeyedLimiter.builder(limit).clock(new FakeClock(START)).build();
    int keys = 5_000;
    long admitted = admittedByAll(keys, attempt -> limiter.tryAcquire(attempt, 2_000));
    assertThat(limiter.keys()).isEqualTo(keys);
    assertThat(admitted).isEqualTo(2L * keys);
  }

  /** Every thread makes so many attempts, all of them the same. */
  private static long admittedByAll(int attempts, IntPredicate limiter) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      CyclicBarrier start = new CyclicBarrier(THREADS);
      List<Callable<Long>> shares = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        shares.add(
            () -> {
              start.await(1, TimeUnit.MINUTES);
              long admitted = 0;
              for (int i = 0; i < attempts; i++) {
                admitted += limiter.test(i) ? 1 : 0;
              }
              return admitted;
            });
      }
      long admitted = 0;
      for (Future<Long> share : pool.invokeAll(shares, 2, TimeUnit.MINUTES)) {
        admitted += share.get();
      }
      return admitted;
    } finally {
      pool.shutdownNow();
    }
  }
}
