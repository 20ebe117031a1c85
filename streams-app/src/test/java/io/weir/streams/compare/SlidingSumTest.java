package io.weir.streams.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlidingSumTest {
  private final SlidingSum sum = new SlidingSum(100);

  @Test
  void aWindowHasItsStartAndNotItsEnd() {
    sum.add(0, 3);
    sum.add(100, 4);
    assertThat(sum.most()).isEqualTo(4);
    sum.add(199, 5);
    assertThat(sum.most()).isEqualTo(9);
  }

  @Test
  void theMostStaysWhenLessComes() {
    sum.add(0, 7);
    sum.add(1_000, 1);
    assertThat(sum.most()).isEqualTo(7);
  }
}
