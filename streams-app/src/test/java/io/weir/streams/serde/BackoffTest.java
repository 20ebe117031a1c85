package io.weir.streams.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(100, 5_000);

  @Test
  void waitsDoubleUpToTheLongest() {
    RandomGenerator least = () -> 0;

    assertThat(IntStream.rangeClosed(1, 9).mapToLong(n -> backoff.waitMillis(n, least)))
        .containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L, 5_000L);
  }

  @Test
  void aWaitIsDrawnFromItsUpperHalf() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

    assertThat(IntStream.range(0, 10_000).mapToLong(i -> backoff.waitMillis(4, random)))
        .allMatch(wait -> wait >= 400 && wait <= 800)
        .anyMatch(wait -> wait < 500)
        .anyMatch(wait -> wait > 700);
  }

  @Test
  void anyNumberOfFailuresIsFine() {
    assertThat(new Backoff(1, Long.MAX_VALUE).waitMillis(Integer.MAX_VALUE, () -> 0)).isPositive();
  }

  @Test
  void aFirstWaitAboveTheLongestIsRefused() {
    assertThatThrownBy(() -> new Backoff(200, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the first wait is 200 ms and the longest 100 ms");
  }
}
