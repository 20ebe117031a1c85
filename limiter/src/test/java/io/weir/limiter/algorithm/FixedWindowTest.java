package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FixedWindowTest {
  /** The start of a minute, of an hour and of a day. */
  private static final long T = Duration.ofDays(20_000).toMillis();

  private final Limit limit = Limit.fixedWindow(10, Duration.ofMinutes(1));
  private final Row row = Row.absent();

  @Test
  void windowsStartAtMultiplesOfThePeriodSinceTheEpoch() {
    row.check(limit, T + 59_999, 10);
    assertThat(row.admits(limit, T + 59_999, 1)).isFalse();
    assertThat(row.admits(limit, T + 60_000, 10)).isTrue();
  }

  @Test
  void deniedRequestWaitsForTheNextWindow() {
    row.check(limit, T + 100, 8);
    assertThat(row.ask(limit, T + 200, 3).readyAtMillis()).hasValue(T + 60_000);
    assertThat(row.usage(limit, T + 200)).isEqualTo(new Usage(2, T + 60_000));
  }

  @Test
  void costAboveTheLimitNeverFits() {
    assertThat(row.check(limit, T, 11).neverFits()).isTrue();
  }

  @Test
  void raisedLimitKeepsTheCountOfTheSameWindow() {
    row.check(limit, T, 8);
    assertThat(row.usage(Limit.fixedWindow(20, Duration.ofMinutes(1)), T).remaining())
        .isEqualTo(12);
    assertThat(row.usage(Limit.fixedWindow(5, Duration.ofMinutes(1)), T).remaining()).isZero();
  }

  @Test
  void countOfAWindowThatStillRunsCountsInTheNewWindow() {
    Limit hourly = Limit.fixedWindow(20, Duration.ofHours(1));
    row.check(limit, T, 8);
    assertThat(row.usage(hourly, T + 59_999).remaining()).isEqualTo(12);
    assertThat(row.usage(hourly, T + 60_000).remaining()).isEqualTo(20);
  }

  @Test
  void whoExhaustedADailyLimitIsHeldByAMinutelyOneNoLongerThanAMinute() {
    Limit daily = Limit.fixedWindow(1_000, Duration.ofDays(1));
    Limit minutely = Limit.fixedWindow(1_000, Duration.ofMinutes(1));
    row.check(daily, T + 10, 1_000);
    assertThat(row.ask(minutely, T + 20, 1).readyAtMillis()).hasValue(T + 60_000);
    assertThat(row.admits(minutely, T + 60_000, 1_000)).isTrue();
  }

  @Test
  void everyNumberOfRequestsIsExact() {
    Limit huge = Limit.fixedWindow(Long.MAX_VALUE, Duration.ofDays(365));
    row.check(huge, T, Long.MAX_VALUE - 1);
    assertThat(row.admits(huge, T, 2)).isFalse();
    assertThat(row.check(huge, T, 1).admitted()).isTrue();
    assertThat(row.usage(huge, T).remaining()).isZero();
  }

  @Test
  void rowIsIdleWhenItsWindowEnds() {
    row.check(limit, T + 5, 1);
    assertThat(row.idleFromMillis()).isEqualTo(T + 60_000);
    assertThat(new FixedWindow().idleFromMillis(limit, new FixedWindowState(0, T))).isEqualTo(T);
  }
}
