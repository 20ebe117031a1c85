package io.weir.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeySpreadTest {
  private static final int DRAWS = 500_000;

  @ParameterizedTest
  @EnumSource
  void sameSeedGivesTheSameNumbersAndAnotherSeedOthers(KeySpread spread) {
    int[] first = draw(spread.numbers(7), 100);

    assertThat(draw(spread.numbers(7), 100)).isEqualTo(first);
    assertThat(draw(spread.numbers(8), 100)).isNotEqualTo(first);
  }

  @ParameterizedTest
  @EnumSource
  void everyNumberIsThatOfAnIdentifier(KeySpread spread) {
    assertThat(IntStream.of(draw(spread.numbers(1), DRAWS)))
        .allMatch(number -> number >= 0 && number < spread.identifiers());
  }

  @Test
  void zipfGivesTheFirstTwiceAsOftenAsTheSecondAndTenTimesAsOftenAsTheTenth() {
    int[] counts = new int[KeySpread.ZIPF.identifiers()];
    for (int number : draw(KeySpread.ZIPF.numbers(1), DRAWS)) {
      counts[number]++;
    }
    // The sum of 1/n up to a million is 14.393.
    double first = DRAWS / 14.393;

    assertThat((double) counts[0]).isCloseTo(first, within(0.03 * first));
    assertThat((double) counts[1]).isCloseTo(first / 2, within(0.05 * first / 2));
    assertThat((double) counts[9]).isCloseTo(first / 10, within(0.1 * first / 10));
  }

  @Test
  void uniformGivesAllAlike() {
    int half = KeySpread.UNIFORM.identifiers() / 2;
    long low =
        IntStream.of(draw(KeySpread.UNIFORM.numbers(1), DRAWS))
            .filter(number -> number < half)
            .count();

    assertThat((double) low).isCloseTo(DRAWS / 2.0, within(0.01 * DRAWS));
  }

  private static int[] draw(IntSupplier numbers, int count) {
    return IntStream.generate(numbers).limit(count).toArray();
  }
}
