package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds and refunds in plain numbers; {@link HoldProperties} has any. */
class HoldsTest {
  private static final long T = 1_800_000_000_000L; // a whole minute
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final HoldBounds BOUNDS = new HoldBounds(10_000, 2);
  private static final HoldId FIRST = new HoldId(0, 1);
  private static final HoldId SECOND = new HoldId(0, 2);
  private static final HoldId THIRD = new HoldId(0, 3);

  @Test
  void ofTwoHoldsThatOverlapTheSecondGivesBackWhatTheFirstHasLeftIt() {
    // A bucket of 10 that is full again in 10 s; two holds of 5 empty it.
    Limit limit = Limit.tokenBucket(1, Duration.ofSeconds(1)).withBurst(10);
    StoredLimit row = held(held(empty(limit), T, 5, FIRST), T, 5, SECOND);
    row = charged(row, T + 5_000, 5);

    row = row.released(FIRST).orElseThrow();
    assertThat(remaining(row, T + 5_000)).isEqualTo(5);
    row = row.released(SECOND).orElseThrow();

    // Without both it was full all the time, and refilled in vain, until the 5 were taken.
    assertThat(remaining(row, T + 5_000)).isEqualTo(5);
  }

  @Test
  void aLeakyBucketGivesBackItsTailOnly() {
    Limit limit = Limit.leakyBucket(1, Duration.ofSeconds(1)).withBurst(10);
    StoredLimit row = held(held(empty(limit), T, 2, FIRST), T, 3, SECOND);

    assertThat(remaining(row.released(FIRST).orElseThrow(), T)).isEqualTo(5);
    StoredLimit without = row.released(SECOND).orElseThrow();
    assertThat(remaining(without, T)).isEqualTo(8);
    assertThat(remaining(without.released(FIRST).orElseThrow(), T)).isEqualTo(10);
  }

  @Test
  void whatIsReleasedIsGone() {
    StoredLimit row = held(empty(Limit.fixedWindow(5, MINUTE)), T, 2, FIRST);
    assertThat(row.isHolding(FIRST)).isTrue();
    StoredLimit without = row.released(FIRST).orElseThrow();
    assertThat(without.isHolding(FIRST)).isFalse();
    assertThat(without.released(FIRST)).isEmpty();
    assertThat(without.released(SECOND)).isEmpty();
  }

  @Test
  void whatIsSettledIsTakenForGood() {
    StoredLimit row = held(empty(Limit.fixedWindow(5, MINUTE)), T, 2, FIRST);
    StoredLimit both = held(row, T, 1, SECOND);
    StoredLimit settled = both.settled(FIRST);
    assertThat(settled.isHolding(FIRST)).isFalse();
    assertThat(settled.isHolding(SECOND)).isTrue();
    assertThat(remaining(settled, T)).isEqualTo(2);
    assertThat(settled.settled(FIRST)).isEqualTo(settled);
  }

  @Test
  void anOldHoldIsForGoodAndSoIsTheOldestOfTooMany() {
    StoredLimit row = held(empty(Limit.fixedWindow(9, MINUTE)), T, 1, FIRST);
    assertThat(held(row, T + 9_999, 1, SECOND).isHolding(FIRST)).isTrue();
    assertThat(held(row, T + 10_000, 1, SECOND).isHolding(FIRST)).isFalse();

    StoredLimit full = held(held(row, T, 1, SECOND), T, 1, THIRD);
    assertThat(full.isHolding(FIRST)).isFalse();
    assertThat(full.isHolding(SECOND)).isTrue();
    assertThat(full.isHolding(THIRD)).isTrue();
  }

  @Test
  void underOtherNumbersAllHoldsAreForGood() {
    StoredLimit row = held(empty(Limit.fixedWindow(9, MINUTE)), T, 1, FIRST);

    StoredLimit changed = row.charged(Limit.fixedWindow(7, MINUTE), new FixedWindowState(2, T), T);

    assertThat(changed.isHolding(FIRST)).isFalse();
  }

  @Test
  void aTokenBucketTakesARefundUpToFull() {
    Limit limit = Limit.tokenBucket(1, Duration.ofSeconds(1)).withBurst(10);
    StoredLimit row = charged(empty(limit), T, 4);
    assertThat(remaining(row.refunded(T, 3), T)).isEqualTo(9);
    assertThat(remaining(row.refunded(T, 9), T)).isEqualTo(10);
    assertThat(remaining(row.refunded(T, Long.MAX_VALUE), T)).isEqualTo(10);
  }

  @Test
  void aRefundIsNoHoldsToGiveBackOnceMore() {
    Limit limit = Limit.tokenBucket(1, Duration.ofSeconds(1)).withBurst(10);
    StoredLimit row = held(empty(limit), T, 4, FIRST).refunded(T, 3);
    assertThat(remaining(row.released(FIRST).orElseThrow(), T)).isEqualTo(10);
  }

  @Test
  void aLeakyBucketTakesARefundOfWhoCameLast() {
    Limit limit = Limit.leakyBucket(1, Duration.ofSeconds(1)).withBurst(10);
    StoredLimit row = charged(charged(empty(limit), T, 4), T + 1, 2);
    assertThat(row.refunded(T, 4)).isEqualTo(row);
    assertThat(remaining(row.refunded(T + 1, 2), T + 1)).isEqualTo(6);
    assertThat(remaining(row.refunded(T + 1, Long.MAX_VALUE), T + 1)).isEqualTo(10);
  }

  @Test
  void aLeakyBucketGivesBackAHoldThatIsTheTailAfterARefund() {
    Limit limit = Limit.leakyBucket(1, Duration.ofSeconds(1)).withBurst(10);
    StoredLimit row = held(charged(empty(limit), T, 1), T, 3, FIRST).refunded(T, 1);
    assertThat(remaining(row, T)).isEqualTo(7);
    assertThat(remaining(row.released(FIRST).orElseThrow(), T)).isEqualTo(10);
  }

  @Test
  void aWindowTakesARefundOfItself() {
    StoredLimit row = charged(empty(Limit.fixedWindow(5, MINUTE)), T + 30_000, 4);
    assertThat(remaining(row.refunded(T, 3), T + 30_000)).isEqualTo(4);
    assertThat(remaining(row.refunded(T, 9), T + 30_000)).isEqualTo(5);
    assertThat(row.refunded(T - 1, 3)).isEqualTo(row);
  }

  @Test
  void aCounterTakesARefundOfItsTwoWindows() {
    Limit limit = Limit.slidingWindowCounter(10, MINUTE);
    StoredLimit row = charged(charged(empty(limit), T, 4), T + 60_000, 3);
    assertThat(row.refunded(T + 60_000, 2).state())
        .isEqualTo(new SlidingWindowCounterState(1, 4, T + 60_000));
    assertThat(row.refunded(T, 9).state())
        .isEqualTo(new SlidingWindowCounterState(3, 0, T + 60_000));
    assertThat(row.refunded(T - 1, 1)).isEqualTo(row);
  }

  @Test
  void aLogTakesARefundOfItsEntry() {
    Limit limit = Limit.slidingWindowLog(10, MINUTE);
    StoredLimit row = charged(charged(charged(empty(limit), T, 4), T + 1, 2), T + 2, 1);
    assertThat(row.refunded(T, 1).state())
        .isEqualTo(SlidingWindowLogState.of(new long[] {T, T + 1, T + 2}, new long[] {3, 2, 1}));
    assertThat(row.refunded(T + 1, 2).state())
        .isEqualTo(SlidingWindowLogState.of(new long[] {T, T + 2}, new long[] {4, 1}));
    assertThat(row.refunded(T + 3, 1)).isEqualTo(row);
  }

  @Test
  void aLogKeepsItsTimeWhereItsNewestEntryIsGivenBack() {
    // The entry at T is dropped when the one after its window comes. Were that one's time to go,
    // too, a late request would be judged at T + 1 by an empty log.
    Limit limit = Limit.slidingWindowLog(2, Duration.ofSeconds(5));
    StoredLimit before = charged(empty(limit), T, 2);

    StoredLimit refunded = charged(before, T + 10_000, 1).refunded(T + 10_000, 1);
    StoredLimit released = held(before, T + 10_000, 1, FIRST).released(FIRST).orElseThrow();

    for (StoredLimit row : List.of(refunded, released)) {
      assertThat(row.state().lastMillis()).isEqualTo(T + 10_000);
      assertThat(row.idleFromMillis()).isEqualTo(T + 10_000);
      assertThat(Row.of(row).usage(limit, T + 10_000)).isEqualTo(new Usage(2, T + 10_000));
      assertThat(charged(row, T + 10_000, 2).state())
          .isEqualTo(SlidingWindowLogState.of(new long[] {T + 10_000}, new long[] {2}));
    }
  }

  @Test
  void aLogIsFullAgainWhenTheEntriesThatAreLeftAreGone() {
    Limit limit = Limit.slidingWindowLog(9, Duration.ofSeconds(5));
    StoredLimit row = charged(charged(empty(limit), T, 2), T + 1_000, 1).refunded(T + 1_000, 1);
    assertThat(Row.of(row).usage(limit, T + 1_000)).isEqualTo(new Usage(7, T + 5_000));
    assertThat(row.idleFromMillis()).isEqualTo(T + 5_000);
  }

  @Test
  void anAlgorithmThatSaysNothingOfItGivesNothingBack() {
    Limit limit = Limit.of(new CountdownAlgorithm(), 5, MINUTE);
    StoredLimit row = held(empty(limit), T, 2, FIRST);
    StoredLimit without = row.released(FIRST).orElseThrow();
    assertThat(without.state()).isEqualTo(row.state());
    assertThat(without.holds()).isEmpty();
    assertThat(row.refunded(T, 2)).isEqualTo(row);
  }

  @Test
  void senselessHoldsAreRefused() {
    assertThatThrownBy(() -> new Hold(FIRST, T, 0, 0))
        .hasMessage("the cost of a hold is 0; it must be above 0");
    assertThatThrownBy(() -> new Hold(FIRST, -1, 1, 0)).hasMessageContaining("the time of a hold");
    assertThatThrownBy(() -> new Hold(FIRST, T, 1, -1)).hasMessageContaining("leastUsed");
    assertThatThrownBy(() -> new HoldBounds(0, 1)).hasMessageContaining("must be above 0");
    assertThatThrownBy(() -> new HoldBounds(1, 0)).hasMessageContaining("must be above 0");
  }

  private static StoredLimit empty(Limit limit) {
    return new StoredLimit(limit, limit.algorithm().initial(), List.of());
  }

  private static StoredLimit charged(StoredLimit row, long nowMillis, long cost) {
    return charged(row.limit().algorithm(), row, nowMillis, cost);
  }

  private static <S extends LimitState> StoredLimit charged(
      Algorithm<S> algorithm, StoredLimit row, long nowMillis, long cost) {
    S state = algorithm.stateType().cast(row.state());
    Outcome<S> outcome = algorithm.check(row.limit(), state, nowMillis, cost);
    if (outcome instanceof Outcome.Admitted<S> admitted) {
      return row.charged(row.limit(), admitted.next(), nowMillis);
    }
    throw new AssertionError("it does not fit");
  }

  private static StoredLimit held(StoredLimit row, long nowMillis, long cost, HoldId id) {
    return charged(row, nowMillis, cost).holding(id, nowMillis, cost, BOUNDS);
  }

  private static long remaining(StoredLimit row, long nowMillis) {
    return Row.of(row).usage(row.limit(), nowMillis).remaining();
  }
}
