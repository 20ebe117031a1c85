package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlidingWindowCounterTest {
  /** The start of a minute, of an hour and of a day. */
  private static final long T = Duration.ofDays(20_000).toMillis();

  private final Limit limit = Limit.slidingWindowCounter(10, Duration.ofMinutes(1));
  private final Row row = Row.absent();

  @Test
  void previousWindowCountsByTheShareThatIsStillCovered() {
    row.check(limit, T, 8);
    assertThat(row.usage(limit, T + 60_000).remaining()).isEqualTo(2);
    assertThat(row.usage(limit, T + 75_000).remaining()).isEqualTo(4);
    assertThat(row.usage(limit, T + 90_000).remaining()).isEqualTo(6);
    assertThat(row.usage(limit, T + 119_999).remaining()).isEqualTo(9);
    assertThat(row.usage(limit, T + 120_000)).isEqualTo(new Usage(10, T + 120_000));
  }

  @Test
  void waitsForTheNextWindowAndThereForTheShareToFall() {
    row.check(limit, T, 10);
    assertThat(row.ask(limit, T + 1, 1).readyAtMillis()).hasValue(T + 66_000);
    assertThat(row.ask(limit, T + 1, 10).readyAtMillis()).hasValue(T + 120_000);
    assertThat(row.admits(limit, T + 65_999, 1)).isFalse();
    assertThat(row.admits(limit, T + 66_000, 1)).isTrue();
  }

  @Test
  void waitsForThePreviousWindowToWeighLess() {
    row.check(limit, T, 10);
    row.check(limit, T + 90_000, 2);
    assertThat(row.ask(limit, T + 90_000, 4).readyAtMillis()).hasValue(T + 96_000);
    assertThat(row.ask(limit, T + 90_000, 8).readyAtMillis()).hasValue(T + 120_000);
  }

  @Test
  void changedRequestsKeepBothCounts() {
    row.check(limit, T, 10);
    row.check(limit, T + 90_000, 2);
    Limit raised = Limit.slidingWindowCounter(20, Duration.ofMinutes(1));
    assertThat(row.usage(raised, T + 90_000)).isEqualTo(new Usage(13, T + 180_000));
    Limit lowered = Limit.slidingWindowCounter(5, Duration.ofMinutes(1));
    assertThat(row.usage(lowered, T + 90_000).remaining()).isZero();
  }

  @Test
  void changedWindowTakesTheOldEstimateRoundedUp() {
    row.check(limit, T, 9);
    row.check(limit, T + 90_000, 2);
    Limit hourly = Limit.slidingWindowCounter(100, Duration.ofHours(1));
    assertThat(row.usage(hourly, T + 90_000).remaining()).isEqualTo(93);
    assertThat(row.usage(hourly, T + 120_000).remaining()).isEqualTo(98);
    assertThat(row.usage(hourly, T + 180_000).remaining()).isEqualTo(100);
  }

  @Test
  void estimateTooLargeForTheNewWindowCountsAsTheMostThatFits() {
    Limit huge = Limit.slidingWindowCounter(1L << 61, Duration.ofMillis(1));
    Limit yearly = Limit.slidingWindowCounter(1_000, Duration.ofDays(365));
    SlidingWindowCounterState state = new SlidingWindowCounterState(1L << 61, 0, T);
    assertThat(new SlidingWindowCounter().carryOver(huge, state, yearly, T))
        .isEqualTo(new SlidingWindowCounterState((1L << 61) / 31_536_000_000L, 0, T));
  }

  @Test
  void rowIsIdleTwoWindowsAfterTheStartOfItsLast() {
    row.check(limit, T + 5, 1);
    assertThat(row.idleFromMillis()).isEqualTo(T + 120_000);
    SlidingWindowCounter counter = new SlidingWindowCounter();
    assertThat(counter.idleFromMillis(limit, new SlidingWindowCounterState(0, 1, T + 5)))
        .isEqualTo(T + 60_000);
    assertThat(counter.idleFromMillis(limit, new SlidingWindowCounterState(0, 0, T + 5)))
        .isEqualTo(T + 5);
  }

  @Test
  void limitThatCannotBeWeighedExactlyIsRefusedAndToldWhatWouldDo() {
    long most = (1L << 61) / 60_000;
    assertThat(Limit.slidingWindowCounter(most, Duration.ofMinutes(1)).requests()).isEqualTo(most);
    assertThatThrownBy(() -> Limit.slidingWindowCounter(most + 1, Duration.ofMinutes(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a sliding_window_counter of 38430716820229 per 1 min cannot be counted exactly;"
                + " the requests must be at most 38430716820228");
  }
}
