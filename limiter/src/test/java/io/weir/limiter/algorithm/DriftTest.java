package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Long histories at rates that no millisecond divides: not one token is gained or lost. */
class DriftTest {
  private static final long T = 1_800_000_000_000L;
  private static final long YEAR_MILLIS = Duration.ofDays(365).toMillis();

  @Test
  void tokenBucketOfThreePerSecondGivesExactlyThreePerSecondForAYear() {
    Limit limit = Limit.tokenBucket(3, Duration.ofSeconds(1)).withBurst(300);
    assertThat(takenInAYear(limit)).isEqualTo(300 + 3 * YEAR_MILLIS / 1_000);
  }

  @Test
  void leakyBucketOfThreePerSecondTakesExactlyThreePerSecondForAYear() {
    Limit limit = Limit.leakyBucket(3, Duration.ofSeconds(1)).withBurst(300);
    assertThat(takenInAYear(limit)).isEqualTo(300 + 3 * YEAR_MILLIS / 1_000);
  }

  @Test
  void sevenPerYearAreSevenInTheFirstYear() {
    Limit limit = Limit.tokenBucket(7, Duration.ofDays(365)).withBurst(1);
    Row row = Row.absent();
    row.check(limit, T, 1);
    long nowMillis = T;
    for (int i = 0; i < 7; i++) {
      nowMillis = row.ask(limit, nowMillis, 1).readyAtMillis().orElseThrow();
      assertThat(row.check(limit, nowMillis, 1).admitted()).isTrue();
    }
    // Each of the seven waits for its own token, and each was rounded up to a millisecond.
    assertThat(nowMillis - T).isBetween(YEAR_MILLIS, YEAR_MILLIS + 7);
  }

  @Test
  void turnsOfALeakyBucketAreThoseOfTheExactOutflow() {
    Limit limit = Limit.leakyBucket(3, Duration.ofSeconds(1)).withBurst(100);
    Row row = Row.absent();
    long nowMillis = T;
    for (long request = 0; request < 300_000; request++) {
      Row.Answer answer = row.check(limit, nowMillis, 1);
      if (answer.denied()) {
        nowMillis = answer.readyAtMillis().getAsLong();
        answer = row.check(limit, nowMillis, 1);
      }
      long turn = nowMillis + answer.delayMillis().orElseThrow();
      assertThat(turn).isEqualTo(T + Exact.divideRoundingUp(request * 1_000, 3));
    }
  }

  /** Takes what remains every 97 seconds and at the end of the year. */
  private static long takenInAYear(Limit limit) {
    Row row = Row.absent();
    long taken = 0;
    for (long elapsed = 0; ; elapsed = Math.min(YEAR_MILLIS, elapsed + 97_000)) {
      long remaining = row.usage(limit, T + elapsed).remaining();
      assertThat(row.check(limit, T + elapsed, remaining).admitted()).isTrue();
      taken += remaining;
      if (elapsed == YEAR_MILLIS) {
        return taken;
      }
    }
  }
}
