package io.weir.streams.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PassedTest {
  @Test
  void turnsMayBeAfterThoseOfWhatComesLater() {
    Random random = new Random(1);
    Passed passed = new Passed(10, 50);
    List<long[]> all = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 400; i++) {
      now += random.nextInt(5);
      long turn = now + (random.nextInt(4) == 0 ? random.nextInt(200) : 0);
      long tokens = 1L + random.nextInt(3);
      passed.take(now, turn, tokens);
      all.add(new long[] {turn, tokens});
      assertThat(passed.worst()).isEqualTo(new Result.Worst(most(all, 50), 10));
    }
  }

  /** The window with most of it begins with one of them. */
  private static long most(List<long[]> all, long length) {
    return all.stream()
        .mapToLong(
            first ->
                all.stream()
                    .filter(it -> it[0] >= first[0] && it[0] < first[0] + length)
                    .mapToLong(it -> it[1])
                    .sum())
        .max()
        .orElseThrow();
  }
}
