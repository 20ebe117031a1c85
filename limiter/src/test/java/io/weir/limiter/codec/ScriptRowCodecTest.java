package io.weir.limiter.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ScriptRowCodecTest {
  private static final byte[] KEY = "#".getBytes(StandardCharsets.US_ASCII);
  private static final long NOW = 1_800_000_000_000L;
  private static final Limit BUCKET = Limit.tokenBucket(100, Duration.ofMinutes(1)).withBurst(200);

  private final ScriptRowCodec codec = new ScriptRowCodec(Algorithms.standard());

  /** The rows of docs/state-format.md. */
  @Test
  void writesWhatTheDocumentSays() {
    assertForm(
        new StoredLimit(BUCKET, new TokenBucketState(120_000, NOW)),
        "00000b 01a3185e24c0 23 11 64 e0d403 c801 01d4c0");
    assertForm(
        new StoredLimit(
            Limit.fixedWindow(100, Duration.ofMinutes(1)), new FixedWindowState(7, NOW + 1)),
        "000009 01a3185d3a60 23 13 64 e0d403 ea5f 07");
    assertForm(
        new StoredLimit(
            Limit.slidingWindowCounter(100, Duration.ofMinutes(1)),
            new SlidingWindowCounterState(7, 9, NOW)),
        "000011 01a3185e24c0 23 15 64 e0d403 01d4c0 07 00000000000009");
    assertForm(
        new StoredLimit(
            Limit.slidingWindowLog(100, Duration.ofMinutes(1)),
            SlidingWindowLogState.of(new long[] {NOW - 5, NOW}, new long[] {1, 2})),
        "000021 01a3185d3a60 23 14 64 e0d403 00000000ea60 00000000000003"
            + " 01a3185c4ffb 01 01a3185c5000 02");
  }

  private void assertForm(StoredLimit row, String hex) {
    byte[] bytes = codec.encode(KEY, row);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex.replace(" ", ""));
    assertThat(codec.decode(bytes)).isEqualTo(row);
  }

  @Test
  void writesWhatIsTooLargeForItsWidthAsTheStreamDoes() {
    Limit perMinute = Limit.fixedWindow(100, Duration.ofMinutes(1));
    assertOther(new StoredLimit(perMinute, new FixedWindowState(256, NOW)));
    assertOther(new StoredLimit(perMinute, new FixedWindowState(1, 1L << 48)));
    Limit log = Limit.slidingWindowLog(100, Duration.ofMinutes(1));
    long[] time = {NOW};
    assertOther(new StoredLimit(log, SlidingWindowLogState.of(time, new long[] {256})));
    assertOther(new StoredLimit(log, SlidingWindowLogState.of(time, new long[] {1L << 56})));
  }

  private void assertOther(StoredLimit row) {
    byte[] bytes = codec.encode(KEY, row);
    byte[] body = new StoredLimitCodec(Algorithms.standard()).encode(row);
    assertThat(Arrays.copyOfRange(bytes, 10, bytes.length)).isEqualTo(body);
    assertThat(codec.decode(bytes)).isEqualTo(row);
  }

  @Test
  void refusesKeysThatAreTooLong() {
    StoredLimit row = new StoredLimit(BUCKET, new TokenBucketState(1, NOW));
    assertThatThrownBy(() -> codec.encode(new byte[1 << 24], row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not fit 3 bytes");
  }

  @Test
  void refusesWhatNoRowIs() {
    assertRefused("000005 01a3185e24c0 23 1f 64 6464", "algorithm number 15 is not known");
    assertRefused("000001 01a3185e24c0 23", "the row ends with its key");
    assertRefused("00000b 01a3185e24c0 23 11 64 e0d403 c801 01d4c1", "has room for 120000");
    assertRefused("00000b 01a3185e24c0 23 11 64 e0d403 c801 01d4c0 00", "more bytes follow");
    // Idle before the window ends.
    assertRefused("000009 01a3185d3a5f 23 13 64 e0d403 ea5f 07", "idle from another time");
    // 2^62 requests in each window.
    assertRefused(
        "000010 01a3185e24c0 23 13 808080808080808040 e0d403 0000", "has no form for scripts");
    // A bucket that never drains, and is not empty.
    assertRefused("000008 01a3185e24c0 23 11 00 e0d403 00 01", "has room for 0");
    assertRefused(
        "00001a 01a3185d3a60 23 14 64 e0d403 00000000ea60 00000000000003 01a3185c5000 02",
        "the tokens of the entries are not what the log says");
    // A token bucket as the stream writes it.
    assertRefused(
        "000012 01a3185e24c0 23 01 01 64 e0d403 c801 c0a907 80a0f1c2b134",
        "not written as scripts read it");
  }

  private void assertRefused(String hex, String why) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> codec.decode(bytes))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining(why);
  }
}
