package io.weir.streams.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WaitsTest {
  private final Waits waits = new Waits();

  @Test
  void ofNoneAllAreZero() {
    assertThat(waits.summary()).isEqualTo(new WaitSummary(0, 0, 0, 0));
  }

  @Test
  void ofOneAllAreThatOne() {
    waits.add(7);
    assertThat(waits.summary()).isEqualTo(new WaitSummary(1, 7, 7, 7));
  }

  @Test
  void ranksAreTheNearestWhateverTheOrder() {
    LongStream.rangeClosed(1, 200).map(i -> 201 - i).forEach(waits::add);
    assertThat(waits.summary()).isEqualTo(new WaitSummary(200, 100, 190, 200));
  }
}
