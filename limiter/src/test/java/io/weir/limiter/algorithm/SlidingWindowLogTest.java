package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlidingWindowLogTest {
  private static final long T = 1_800_000_000_000L;

  private final Limit limit = Limit.slidingWindowLog(5, Duration.ofMinutes(15));
  private final Row row = Row.absent();

  @Test
  void entryCountsUntilExactlyOnePeriodAfterIt() {
    row.check(limit, T, 5);
    assertThat(row.admits(limit, T + 899_999, 1)).isFalse();
    assertThat(row.admits(limit, T + 900_000, 5)).isTrue();
  }

  @Test
  void waitsUntilAsManyEntriesAreGoneAsTheCostNeeds() {
    row.check(limit, T, 2);
    row.check(limit, T + 10, 2);
    row.check(limit, T + 20, 1);
    assertThat(row.ask(limit, T + 30, 2).readyAtMillis()).hasValue(T + 900_000);
    assertThat(row.ask(limit, T + 30, 3).readyAtMillis()).hasValue(T + 900_010);
    assertThat(row.ask(limit, T + 30, 5).readyAtMillis()).hasValue(T + 900_020);
    assertThat(row.usage(limit, T + 30)).isEqualTo(new Usage(0, T + 900_020));
  }

  @Test
  void admissionsOfOneMillisecondAreOneEntryAndOldOnesAreDropped() {
    row.check(limit, T, 1);
    row.check(limit, T, 2);
    row.check(limit, T + 1, 1);
    assertThat(log()).isEqualTo(SlidingWindowLogState.of(new long[] {T, T + 1}, new long[] {3, 1}));
    row.check(limit, T + 900_000, 1);
    assertThat(log())
        .isEqualTo(SlidingWindowLogState.of(new long[] {T + 1, T + 900_000}, new long[] {1, 1}));
  }

  @Test
  void firstEntryCanBeAtTheEpoch() {
    row.check(limit, 0, 1);
    assertThat(log()).isEqualTo(SlidingWindowLogState.of(new long[] {0}, new long[] {1}));
    assertThat(row.idleFromMillis()).isEqualTo(900_000);
  }

  @Test
  void changedWindowKeepsTheEntriesThatCounted() {
    Limit minute = Limit.slidingWindowLog(5, Duration.ofMinutes(1));
    row.check(minute, T, 2);
    row.check(minute, T + 30_000, 1);
    assertThat(row.usage(limit, T + 59_999).remaining()).isEqualTo(2);
    assertThat(row.usage(limit, T + 60_000).remaining()).isEqualTo(4);
    Limit second = Limit.slidingWindowLog(5, Duration.ofSeconds(1));
    assertThat(row.usage(second, T + 30_999).remaining()).isEqualTo(4);
    assertThat(row.usage(second, T + 31_000).remaining()).isEqualTo(5);
    assertThat(row.usage(Limit.slidingWindowLog(2, Duration.ofMinutes(1)), T + 30_000).remaining())
        .isZero();
  }

  @Test
  void limitThatNeedsMoreEntriesThanALogMayHoldIsRefusedAndToldWhatWouldDo() {
    assertThatThrownBy(() -> Limit.slidingWindowLog(10_001, Duration.ofMinutes(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a sliding_window_log of 10001 per 1 min keeps up to 10001 entries for each"
                + " identifier; the requests must be at most 10000, or choose"
                + " sliding_window_counter");
    assertThat(Limit.slidingWindowLog(10_000, Duration.ofMinutes(1)).requests()).isEqualTo(10_000);
    assertThat(Limit.slidingWindowLog(Long.MAX_VALUE, Duration.ofSeconds(10)).burst())
        .isEqualTo(Long.MAX_VALUE);
    assertThat(Limit.of(new SlidingWindowLog(50_000), 50_000, Duration.ofDays(1)).requests())
        .isEqualTo(50_000);
  }

  @Test
  void numberOfEntriesIsBounded() {
    assertThatThrownBy(() -> new SlidingWindowLog(0))
        .hasMessage("maxEntries is 0; it must be from 1 to 50000");
    assertThatThrownBy(() -> new SlidingWindowLog(50_001))
        .hasMessage("maxEntries is 50001; it must be from 1 to 50000");
    assertThat(Limit.of(new SlidingWindowLog(1), 1, Duration.ofDays(1)).requests()).isEqualTo(1);
  }

  private SlidingWindowLogState log() {
    return (SlidingWindowLogState) row.stored().orElseThrow().state();
  }
}
