package io.weir.streams.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactCountTest {
  @Test
  void itIsWhatALookAtAllOfThemSays() {
    Random random = new Random(1);
    ExactCount count = new ExactCount(50);
    List<Long> all = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 5_000; i++) {
      // Now sparse, now so dense that there must be more room.
      now += random.nextInt(i / 500 % 2 == 0 ? 20 : 2);
      long from = now - 50;
      long expected = all.stream().filter(it -> it > from).count();
      assertThat(count.at(now)).isEqualTo((int) expected);
      count.add(now);
      all.add(now);
    }
  }
}
