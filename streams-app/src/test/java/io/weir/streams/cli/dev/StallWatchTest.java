package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StallWatchTest {
  private final StallWatch watch = new StallWatch(Duration.ofSeconds(30), 0);

  @Test
  void requestsWithoutADecisionForSoLongAreAStall() {
    assertThat(watch.isStalled(10, 10, seconds(5))).isFalse();
    assertThat(watch.isStalled(11, 10, seconds(6))).isFalse();
    assertThat(watch.isStalled(500, 10, seconds(34))).isFalse();
    assertThat(watch.isStalled(501, 10, seconds(35))).isTrue();
  }

  @Test
  void oneDecisionIsASignOfLife() {
    assertThat(watch.isStalled(500, 10, seconds(29))).isFalse();
    assertThat(watch.isStalled(600, 11, seconds(31))).isFalse();
    assertThat(watch.isStalled(900, 11, seconds(60))).isFalse();
    assertThat(watch.isStalled(900, 11, seconds(61))).isTrue();
  }

  @Test
  void whereNobodyAsksNothingIsMissing() {
    assertThat(watch.isStalled(0, 0, seconds(1_000))).isFalse();
    assertThat(watch.isStalled(1, 0, seconds(1_001))).isFalse();
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
