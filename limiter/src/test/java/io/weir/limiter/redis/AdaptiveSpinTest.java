package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdaptiveSpinTest {
  private static final Duration LIMIT = Duration.ofNanos(100);
  private static final int WAITS_UNTIL_AN_ATTEMPT = 64;

  /** Each look at the clock takes a nanosecond. */
  private final AtomicLong nanos = new AtomicLong();

  private final AdaptiveSpin spin = new AdaptiveSpin(LIMIT, nanos::incrementAndGet);

  /** What is done at a time. */
  private final class DoneAt extends CompletableFuture<String> {
    private final long atNanos;

    DoneAt(long atNanos) {
      this.atNanos = atNanos;
    }

    @Override
    public boolean isDone() {
      return nanos.get() >= atNanos;
    }
  }

  private long nanosAwake(Future<?> future) {
    spin.answered();
    long before = nanos.get();
    spin.await(future);
    // The first look is when it begins.
    return Math.max(0, nanos.get() - before - 1);
  }

  private Future<?> soon() {
    return new DoneAt(nanos.get() + 12);
  }

  private void attempt(boolean pays) {
    for (int i = 1; i < WAITS_UNTIL_AN_ATTEMPT; i++) {
      assertThat(nanosAwake(soon())).isZero();
    }
    spin.answered();
    spin.await(pays ? soon() : new CompletableFuture<>());
  }

  @Test
  void isNotAwakeWhereTheLastAnswerWasNotJustNow() {
    attempt(true);
    spin.answered();
    long answeredNanos = nanos.getAndAdd(49_998);
    spin.await(soon());
    assertThat(nanos.get() - answeredNanos).as("awake").isEqualTo(50_010);

    spin.answered();
    nanos.addAndGet(49_999);
    long beforeNanos = nanos.get();
    spin.await(soon());
    assertThat(nanos.get() - beforeNanos).as("only looks at the clock").isEqualTo(1);
  }

  @Test
  void isNotAwakeUntilAnAttemptHasPaid() {
    attempt(true);

    assertThat(nanosAwake(soon())).isEqualTo(10);
  }

  @Test
  void sleepsAgainWhereItDoesNotPay() {
    attempt(true);

    for (int i = 0; i < 4; i++) {
      assertThat(nanosAwake(new CompletableFuture<>())).isEqualTo(LIMIT.toNanos());
    }
    assertThat(nanosAwake(soon())).as("credit is used up").isZero();
  }

  @Test
  void attemptsThatDoNotPayAreFew() {
    attempt(false);
    attempt(false);
    attempt(true);

    assertThat(nanosAwake(soon())).isEqualTo(10);
  }

  @Test
  void staysAwakeThroughLateAnswersWhereSomeAreInTime() {
    attempt(true);
    for (int i = 0; i < 100; i++) {
      assertThat(nanosAwake(soon())).isEqualTo(10);
    }

    for (int i = 0; i < 32; i++) {
      assertThat(nanosAwake(new CompletableFuture<>())).isEqualTo(LIMIT.toNanos());
    }
    assertThat(nanosAwake(soon())).as("no more credit than of 32 answers").isZero();
  }

  @Test
  void doesNotWaitForWhatIsDone() {
    attempt(true);

    assertThat(nanosAwake(CompletableFuture.completedFuture("done"))).isZero();
  }

  @Test
  void neverStaysAwakeWhereTheLimitIsZero() {
    AdaptiveSpin never = new AdaptiveSpin(Duration.ZERO, nanos::incrementAndGet);
    long before = nanos.get();
    for (int i = 0; i < 2 * WAITS_UNTIL_AN_ATTEMPT; i++) {
      never.await(new CompletableFuture<>());
    }

    assertThat(nanos).as("looks at the clock").hasValue(before);
  }

  @Test
  void fewThreadsAreAwakeAtOnce() throws Exception {
    // One whose time never ends.
    AdaptiveSpin endless = new AdaptiveSpin(LIMIT, () -> 0);
    endless.answered();
    for (int i = 0; i < 2 * WAITS_UNTIL_AN_ATTEMPT; i++) {
      endless.await(new DoneAtLook(2));
    }
    int most = 6;
    List<DoneAtLook> awaited =
        Stream.generate(() -> new DoneAtLook(Integer.MAX_VALUE)).limit(most).toList();
    ExecutorService callers = Executors.newFixedThreadPool(most);
    try {
      for (DoneAtLook each : awaited) {
        var unused = callers.submit(() -> endless.await(each));
      }
      Awaitility.await().until(() -> awaited.stream().allMatch(each -> each.looks.get() > 1));

      endless.await(new CompletableFuture<>());
    } finally {
      awaited.forEach(each -> each.doneAt = 0);
      callers.shutdown();
    }

    assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  /** What is done when it has been looked at so often. */
  private static final class DoneAtLook extends CompletableFuture<String> {
    private final AtomicInteger looks = new AtomicInteger();
    private volatile int doneAt;

    DoneAtLook(int doneAt) {
      this.doneAt = doneAt;
    }

    @Override
    public boolean isDone() {
      return looks.incrementAndGet() >= doneAt;
    }
  }
}
