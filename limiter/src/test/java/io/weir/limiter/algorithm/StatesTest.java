package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is no state cannot be made. */
class StatesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long MAX_TIME = LimitState.MAX_TIME_MILLIS;

  @Test
  void numbersBelowZeroAreRefused() {
    assertRefused(() -> new TokenBucketState(-1, 0), "missing is -1; it must be 0 or more");
    assertRefused(() -> new LeakyBucketState(-1, 0), "queued is -1; it must be 0 or more");
    assertRefused(() -> new FixedWindowState(-1, 0), "count is -1; it must be 0 or more");
    assertRefused(
        () -> new SlidingWindowCounterState(-1, 0, 0), "current is -1; it must be 0 or more");
    assertRefused(
        () -> new SlidingWindowCounterState(0, -1, 0), "previous is -1; it must be 0 or more");
  }

  @Test
  void timesOutsideTheCountableAreRefused() {
    for (long time : new long[] {-1, MAX_TIME + 1}) {
      String range =
          " is "
              + time
              + "; it must be a time in milliseconds since the epoch, from 0 to "
              + MAX_TIME;
      String message = "lastMillis" + range;
      assertRefused(() -> new TokenBucketState(0, time), message);
      assertRefused(() -> new LeakyBucketState(0, time), message);
      assertRefused(() -> new FixedWindowState(0, time), message);
      assertRefused(() -> new SlidingWindowCounterState(0, 0, time), message);
      assertRefused(() -> new CustomState(List.of(), time), message);
      assertRefused(
          () -> SlidingWindowLogState.of(new long[] {time}, new long[] {1}),
          "time of entry 0" + range);
      assertRefused(() -> SlidingWindowLogState.empty().withLastMillis(time), message);
    }
    assertThat(new TokenBucketState(0, MAX_TIME).lastMillis()).isEqualTo(MAX_TIME);
  }

  @Test
  void customStateHasABoundedNumberOfValuesAndCopiesThem() {
    List<Long> values = new ArrayList<>(Collections.nCopies(CustomState.MAX_VALUES, 1L));
    CustomState state = new CustomState(values, 7);
    values.add(1L);
    assertThat(state.values()).hasSize(1_000);
    assertRefused(
        () -> new CustomState(values, 7), "a custom state of 1001 numbers; the most is 1000");
  }

  @Test
  void logIsInOrderAndEveryEntryHasACost() {
    assertRefused(() -> log(new long[] {1}), "1 times but 0 costs");
    assertRefused(() -> log(new long[] {1, 1}, 1, 1), "entry 1 is not after the one before it");
    assertRefused(() -> log(new long[] {2, 1}, 1, 1), "entry 1 is not after the one before it");
    String cost = "; it must be 1 or more, and the sum a long";
    assertRefused(() -> log(new long[] {1}, 0), "entry 0 has the cost 0" + cost);
    assertRefused(() -> log(new long[] {1, 2}, Long.MAX_VALUE, 1), "entry 1 has the cost 1" + cost);
    assertThat(log(new long[] {1, 2}, Long.MAX_VALUE - 1, 1).sumFrom(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void logsAreEqualIfTheirEntriesAre() {
    SlidingWindowLogState log = log(new long[] {1, 2}, 3, 4);
    assertThat(log)
        .isEqualTo(log(new long[] {1, 2}, 3, 4))
        .hasSameHashCodeAs(log(new long[] {1, 2}, 3, 4))
        .isNotEqualTo(log(new long[] {1, 3}, 3, 4))
        .isNotEqualTo(log(new long[] {1, 2}, 3, 5))
        .isNotEqualTo("log")
        .hasToString("SlidingWindowLogState[entries=2, lastMillis=2]");
    assertThat(log.hashCode())
        .isNotEqualTo(log(new long[] {1, 3}, 3, 4).hashCode())
        .isNotEqualTo(log(new long[] {1, 2}, 3, 5).hashCode());
    assertThat(log)
        .isNotEqualTo(log.withLastMillis(3))
        .isEqualTo(log.withLastMillis(3).withLastMillis(2));
    assertThat(log.hashCode()).isNotEqualTo(log.withLastMillis(3).hashCode());
    assertThat(SlidingWindowLogState.empty()).isEqualTo(log(new long[0]));
    assertThat(SlidingWindowLogState.empty().lastMillis()).isZero();
  }

  @Test
  void logWasLastAdmittedToAtItsNewestEntryOrLater() {
    SlidingWindowLogState log = log(new long[] {1, 7}, 3, 4);
    assertThat(log.lastMillis()).isEqualTo(7);
    assertThat(log.withLastMillis(9).lastMillis()).isEqualTo(9);
    assertThat(log.withLastMillis(9).newestMillis()).isEqualTo(7);
    assertRefused(() -> log.withLastMillis(6), "lastMillis is 6, before the newest entry at 7");
  }

  @Test
  void logDoesNotShareItsArrays() {
    long[] times = {1, 2};
    long[] costs = {3, 4};
    SlidingWindowLogState log = SlidingWindowLogState.of(times, costs);
    times[0] = 9;
    costs[0] = 9;
    assertThat(log).isEqualTo(log(new long[] {1, 2}, 3, 4));
  }

  @Test
  void rowsHoldStatesOfTheirLimitOnly() {
    Limit bucket = Limit.tokenBucket(2, SECOND);
    assertRefused(
        () -> new StoredLimit(bucket, new LeakyBucketState(0, 0)),
        "LeakyBucketState is no state of token_bucket, which keeps a TokenBucketState");
  }

  @Test
  void levelsAboveTheCapacityAreNoStatesOfTheLimit() {
    Limit token = Limit.tokenBucket(2, SECOND);
    Limit leaky = Limit.leakyBucket(2, SECOND);
    assertThat(new StoredLimit(token, new TokenBucketState(1_000, 5)).idleFromMillis())
        .isEqualTo(1_005);
    assertRefused(
        () -> new StoredLimit(token, new TokenBucketState(1_001, 5)),
        "the level is 1001 units, but token_bucket 2 per 1 s burst 2 has room for 1000");
    assertRefused(
        () -> new StoredLimit(leaky, new LeakyBucketState(1_001, 5)),
        "the level is 1001 units, but leaky_bucket 2 per 1 s burst 2 has room for 1000");
    assertRefused(
        () ->
            new StoredLimit(Limit.tokenBucket(0, SECOND).withBurst(9), new TokenBucketState(1, 5)),
        "the level is 1 units, but token_bucket 0 per 1 s burst 9 has room for 0");
  }

  @Test
  void countsThatCannotBeWeighedAreNoStatesOfTheLimit() {
    Limit limit = Limit.slidingWindowCounter(2, SECOND);
    long most = (1L << 61) / 1_000;
    assertThat(new StoredLimit(limit, new SlidingWindowCounterState(most, most, 5)).limit())
        .isEqualTo(limit);
    assertRefused(
        () -> new StoredLimit(limit, new SlidingWindowCounterState(most + 1, 0, 5)),
        "SlidingWindowCounterState[current=2305843009213694, previous=0, lastMillis=5] cannot be"
            + " counted exactly under sliding_window_counter 2 per 1 s; the most is"
            + " 2305843009213693");
    assertRefused(
        () -> new StoredLimit(limit, new SlidingWindowCounterState(0, most + 1, 5)),
        "SlidingWindowCounterState[current=0, previous=2305843009213694, lastMillis=5] cannot be"
            + " counted exactly under sliding_window_counter 2 per 1 s; the most is"
            + " 2305843009213693");
  }

  private static SlidingWindowLogState log(long[] times, long... costs) {
    return SlidingWindowLogState.of(times, costs);
  }

  private static void assertRefused(Runnable construction, String message) {
    assertThatThrownBy(construction::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
