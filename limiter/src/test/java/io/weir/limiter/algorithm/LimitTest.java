package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void factoriesNameTheAlgorithmAndTakeTheRequestsAsBurst() {
    assertThat(Limit.tokenBucket(100, MINUTE)).hasToString("token_bucket 100 per 1 min burst 100");
    assertThat(Limit.leakyBucket(100, MINUTE)).hasToString("leaky_bucket 100 per 1 min burst 100");
    assertThat(Limit.fixedWindow(100, MINUTE)).hasToString("fixed_window 100 per 1 min");
    assertThat(Limit.slidingWindowLog(100, MINUTE)).hasToString("sliding_window_log 100 per 1 min");
    assertThat(Limit.slidingWindowCounter(100, MINUTE))
        .hasToString("sliding_window_counter 100 per 1 min");
  }

  @Test
  void burstCanDifferFromTheRequestsInBuckets() {
    Limit limit = Limit.tokenBucket(100, MINUTE).withBurst(200);
    assertThat(limit.requests()).isEqualTo(100);
    assertThat(limit.periodMillis()).isEqualTo(60_000);
    assertThat(limit.burst()).isEqualTo(200);
  }

  @Test
  void unitsReduceTheRateByTheGreatestCommonDivisor() {
    Limit limit = Limit.tokenBucket(100, MINUTE);
    assertThat(limit.unitsPerToken()).isEqualTo(600);
    assertThat(limit.unitsPerMilli()).isEqualTo(1);
    assertThat(Limit.tokenBucket(7, Duration.ofMillis(5)).unitsPerToken()).isEqualTo(5);
    assertThat(Limit.tokenBucket(7, Duration.ofMillis(5)).unitsPerMilli()).isEqualTo(7);
    assertThat(Limit.tokenBucket(0, MINUTE).unitsPerToken()).isEqualTo(1);
    assertThat(Limit.tokenBucket(0, MINUTE).unitsPerMilli()).isZero();
  }

  @Test
  void numbersOutOfRangeAreRefusedWithWhatWouldBeRight() {
    FixedWindow window = new FixedWindow();
    TokenBucket bucket = new TokenBucket();
    assertRefused(() -> new Limit(window, -1, 1, -1), "requests is -1; it must be 0 or more");
    assertRefused(
        () -> new Limit(window, 1, 0, 1),
        "the period is 0 ms; it must be at least 1 ms and at most 365000 days");
    assertRefused(
        () -> new Limit(window, 1, Limit.MAX_PERIOD_MILLIS + 1, 1),
        "the period is 365000 d 1 ms; it must be at least 1 ms and at most 365000 days");
    assertRefused(() -> new Limit(bucket, 1, 1, 0), "burst is 0; it must be 1 or more");
    assertRefused(() -> new Limit(bucket, 0, 1, -1), "burst is -1; it must be 0 or more");
    assertRefused(
        () -> new Limit(window, 1, 1, 2), "burst has no meaning for fixed_window; leave it out");
    assertThat(new Limit(window, 1, Limit.MAX_PERIOD_MILLIS, 1).periodMillis())
        .isEqualTo(Limit.MAX_PERIOD_MILLIS);
    assertThat(new Limit(bucket, 0, 1, 0).burst()).isZero();
    assertThat(new Limit(bucket, 0, 1, 5).burst()).isEqualTo(5);
  }

  @Test
  void periodsThatAreNoWholeMillisecondsAreRefused() {
    assertRefused(
        () -> Limit.fixedWindow(1, Duration.ofNanos(1_500_000)),
        "the period is 1.5 ms; it must be a whole number of milliseconds");
    assertRefused(
        () -> Limit.fixedWindow(1, Duration.ofMillis(-1)),
        "the period is -1 ms; it must be at least 1 ms and at most 365000 days");
    assertRefused(
        () -> Limit.fixedWindow(1, Duration.ZERO),
        "the period is 0 ms; it must be at least 1 ms and at most 365000 days");
    assertRefused(
        () -> Limit.fixedWindow(1, Duration.ofSeconds(Long.MAX_VALUE)),
        "the period is 106751991167300 d 15 h 30 min 7 s; it must be at least 1 ms and at most 365000 days");
    assertThat(Limit.fixedWindow(1, Duration.ofDays(365_000)).periodMillis())
        .isEqualTo(Limit.MAX_PERIOD_MILLIS);
  }

  @Test
  void burstThatCannotBeCountedExactlyIsRefusedWithTheMostThatCan() {
    long most = (1L << 61) / 600;
    Limit limit = Limit.tokenBucket(100, MINUTE);
    assertThat(limit.withBurst(most).burst()).isEqualTo(most);
    assertRefused(
        () -> limit.withBurst(most + 1),
        "burst 3843071682022824 at 100 per 1 min cannot be counted exactly; the burst must be at"
            + " most 3843071682022823");
    Limit queue = Limit.leakyBucket(100, MINUTE);
    assertThat(queue.withBurst(most).burst()).isEqualTo(most);
    assertRefused(
        () -> queue.withBurst(most + 1),
        "burst 3843071682022824 at 100 per 1 min cannot be counted exactly; the burst must be at"
            + " most 3843071682022823");
  }

  @Test
  void limitsAreEqualIfTheirNumbersAndTheNamesOfTheirAlgorithmsAre() {
    Limit limit = Limit.tokenBucket(100, MINUTE);
    assertThat(limit)
        .isEqualTo(Limit.tokenBucket(100, MINUTE))
        .hasSameHashCodeAs(Limit.tokenBucket(100, MINUTE))
        .isNotEqualTo(Limit.leakyBucket(100, MINUTE))
        .isNotEqualTo(Limit.tokenBucket(99, MINUTE).withBurst(100))
        .isNotEqualTo(Limit.tokenBucket(100, Duration.ofHours(1)))
        .isNotEqualTo(limit.withBurst(101))
        .isNotEqualTo("token_bucket");
    assertThat(limit.hashCode()).isNotEqualTo(limit.withBurst(101).hashCode());
  }

  private static void assertRefused(Runnable construction, String message) {
    assertThatThrownBy(construction::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
