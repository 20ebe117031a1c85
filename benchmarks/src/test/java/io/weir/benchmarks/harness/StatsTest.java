package io.weir.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatsTest {
  @Test
  void medianIsTheMiddleOne() {
    assertThat(Stats.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
  }

  @Test
  void medianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
    assertThat(Stats.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
  }

  @Test
  void nothingHasNoMedian() {
    assertThatThrownBy(() -> Stats.median(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void roundsToDigitsAfterThePoint() {
    assertThat(Stats.rounded(0.87654, 3)).isEqualTo(0.877);
  }
}
