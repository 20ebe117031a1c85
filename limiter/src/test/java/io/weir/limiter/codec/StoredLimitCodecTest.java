package io.weir.limiter.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.CountdownAlgorithm;
import io.weir.limiter.algorithm.CustomState;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Hold;
import io.weir.limiter.algorithm.HoldId;
import io.weir.limiter.algorithm.LeakyBucketState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes themselves: whoever changes one of these breaks the rows of every running store. */
class StoredLimitCodecTest {
  private static final long T = 1_800_000_000_000L;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int ONE_MEGABYTE = 1_000_000;

  private final StoredLimitCodec codec =
      new StoredLimitCodec(Algorithms.standard().with(new CountdownAlgorithm()));

  @Test
  void tokenBucketIsTheseBytes() {
    assertBytes(
        "01 01 64 e0d403 c801 c0a907 80a0f1c2b134",
        Limit.tokenBucket(100, MINUTE).withBurst(200),
        new TokenBucketState(120_000, T));
  }

  @Test
  void leakyBucketIsTheseBytes() {
    assertBytes(
        "01 02 64 e0d403 0a d804 80a0f1c2b134",
        Limit.leakyBucket(100, MINUTE).withBurst(10),
        new LeakyBucketState(600, T));
  }

  @Test
  void fixedWindowIsTheseBytes() {
    assertBytes(
        "01 03 64 e0d403 07 80a0f1c2b134",
        Limit.fixedWindow(100, MINUTE),
        new FixedWindowState(7, T));
  }

  @Test
  void slidingWindowLogIsTheseBytes() {
    assertBytes(
        "01 04 64 e0d403 04 80c0e285e368 00 03 00 d00f",
        Limit.slidingWindowLog(100, MINUTE),
        SlidingWindowLogState.of(new long[] {T, T + 1, T + 3, T + 1_004}, new long[] {1, 1, 2, 1}));
  }

  @Test
  void slidingWindowCounterIsTheseBytes() {
    assertBytes(
        "01 05 64 e0d403 07 63 80a0f1c2b134",
        Limit.slidingWindowCounter(100, MINUTE),
        new SlidingWindowCounterState(7, 99, T));
  }

  @Test
  void customStateIsTheseBytes() {
    assertBytes(
        "01 00 09 636f756e74646f776e 64 e0d403 64 03 00 01 80a8d6b907 80a0f1c2b134",
        Limit.of(new CountdownAlgorithm(), 100, MINUTE),
        new CustomState(List.of(0L, -1L, 1_000_000_000L), T));
  }

  @Test
  void heldTokensAreTheseBytesBehindTheState() {
    Limit limit = Limit.fixedWindow(100, MINUTE);
    StoredLimit row =
        new StoredLimit(
            limit,
            new FixedWindowState(7, T),
            List.of(
                new Hold(new HoldId(3, 1_000), T - 1, 2, 0),
                new Hold(new HoldId(-1, 0), T, 1, 600)));
    String hex =
        "02 03 64 e0d403 07 80a0f1c2b134 02 06 d00f ff9ff1c2b134 02 00 01 00 80a0f1c2b134 01 d804";
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(codec.encode(row)).isEqualTo(bytes);
    assertThat(codec.decode(bytes)).isEqualTo(row);
  }

  @Test
  void aLogWhoseNewestEntryWasGivenBackIsTheseBytes() {
    Limit limit = Limit.slidingWindowLog(100, MINUTE);
    assertBytes(
        "03 04 64 e0d403 01 80c0e285e368 e807 00",
        limit,
        SlidingWindowLogState.of(new long[] {T}, new long[] {1}).withLastMillis(T + 1_001));
    StoredLimit held =
        new StoredLimit(
            limit,
            SlidingWindowLogState.empty().withLastMillis(T),
            List.of(new Hold(new HoldId(3, 1_000), T - 1, 2, 0)));
    String hex = "03 04 64 e0d403 00 ff9ff1c2b134 01 06 d00f ff9ff1c2b134 02 00";
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(codec.encode(held)).isEqualTo(bytes);
    assertThat(codec.decode(bytes)).isEqualTo(held);
  }

  @Test
  void tokenBucketOfOrdinaryNumbersFitsIn24Bytes() {
    Limit limit = Limit.tokenBucket(100, MINUTE).withBurst(200);
    assertThat(codec.encode(new StoredLimit(limit, new TokenBucketState(120_000, T))))
        .hasSize(17)
        .hasSizeLessThanOrEqualTo(24);
    Limit large = Limit.tokenBucket(1_000_000, Duration.ofDays(30)).withBurst(2_000_000);
    TokenBucketState empty = new TokenBucketState(large.unitsPerToken() * 2_000_000, T);
    assertThat(codec.encode(new StoredLimit(large, empty))).hasSizeLessThanOrEqualTo(24);
  }

  @Test
  void largestLogOfEvenlySpreadEntriesStaysBelowOneMegabyte() {
    int entries = SlidingWindowLog.LARGEST_MAX_ENTRIES;
    long[] times = new long[entries];
    long[] costs = new long[entries];
    Arrays.setAll(times, i -> T + i * (Limit.MAX_PERIOD_MILLIS / entries));
    Arrays.fill(costs, 1);
    assertLargestLog(entries, Limit.MAX_PERIOD_MILLIS, times, costs);
  }

  @Test
  void largestLogOfLargeCostsStaysBelowOneMegabyte() {
    int entries = SlidingWindowLog.LARGEST_MAX_ENTRIES;
    long[] times = new long[entries];
    long[] costs = new long[entries];
    Arrays.setAll(times, i -> T + i);
    Arrays.fill(costs, Long.MAX_VALUE / entries);
    assertLargestLog(Long.MAX_VALUE, entries, times, costs);
  }

  @Test
  void largestLogIsBelowHalfAMegabyteWhateverItHolds() {
    // An entry is a varint of twice its distance, and one of its cost. The distances sum to less
    // than the period and the costs to the requests at most, and one of the two is at most 50,000:
    // where distances are free, costs are 1 and unwritten; where costs are free, distances are 1.
    int entries = SlidingWindowLog.LARGEST_MAX_ENTRIES;
    int distanceBytes = bytesOf(2 * (Limit.MAX_PERIOD_MILLIS / entries)) + 1;
    int costBytes = bytesOf(Long.MAX_VALUE / entries) + 1;
    assertThat(entries * Math.max(distanceBytes, 1 + costBytes)).isLessThan(500_000);
  }

  @Test
  void tenThousandHoldsOfTheLargestNumbersLeaveRoomForTheLargestLog() {
    Limit limit = Limit.fixedWindow(Long.MAX_VALUE, MINUTE);
    FixedWindowState state = new FixedWindowState(0, LimitState.MAX_TIME_MILLIS);
    Hold largest =
        new Hold(
            new HoldId(Integer.MIN_VALUE, Long.MIN_VALUE),
            LimitState.MAX_TIME_MILLIS,
            Long.MAX_VALUE,
            Long.MAX_VALUE);
    StoredLimit row = new StoredLimit(limit, state, Collections.nCopies(10_000, largest));
    byte[] bytes = codec.encode(row);
    // The other half is the log's, see above.
    assertThat(bytes.length).isLessThan(ONE_MEGABYTE / 2);
    assertThat(codec.decode(bytes)).isEqualTo(row);
  }

  @Test
  void rowOfAnAlgorithmThatIsNotGivenCannotBeWritten() {
    StoredLimitCodec standard = new StoredLimitCodec(Algorithms.standard());
    StoredLimit row =
        new StoredLimit(
            Limit.of(new CountdownAlgorithm(), 1, MINUTE), new CustomState(List.of(), 0));
    assertThatThrownBy(() -> standard.encode(row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "there is no algorithm 'countdown' here; known are [fixed_window, ");
    byte[] bytes = codec.encode(row);
    assertThatThrownBy(() -> standard.decode(bytes))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith(
            "there is no algorithm 'countdown' here; known are [fixed_window, ");
  }

  @Test
  void rowOfAnImpostorOfABuiltInAlgorithmCannotBeWritten() {
    StoredLimit row =
        new StoredLimit(
            Limit.of(new CountdownAlgorithm("fixed_window"), 1, MINUTE),
            new CustomState(List.of(), 0));
    assertThatThrownBy(() -> codec.encode(row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the limit's algorithm 'fixed_window' is not the built-in one of that name");
  }

  private void assertLargestLog(long requests, long periodMillis, long[] times, long[] costs) {
    StoredLimitCodec large = new StoredLimitCodec(Algorithms.standard(times.length));
    Limit limit = new Limit(new SlidingWindowLog(times.length), requests, periodMillis, requests);
    StoredLimit row = new StoredLimit(limit, SlidingWindowLogState.of(times, costs));
    byte[] bytes = large.encode(row);
    assertThat(bytes.length).isLessThan(ONE_MEGABYTE);
    assertThat(large.decode(bytes)).isEqualTo(row);
  }

  private static int bytesOf(long number) {
    RowWriter out = new RowWriter();
    out.writeUnsigned(number);
    return out.toBytes().length;
  }

  private void assertBytes(String hex, Limit limit, LimitState state) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    StoredLimit row = new StoredLimit(limit, state);
    assertThat(codec.encode(row)).asHexString().isEqualToIgnoringCase(hex.replace(" ", ""));
    assertThat(codec.decode(bytes)).isEqualTo(row);
  }
}
