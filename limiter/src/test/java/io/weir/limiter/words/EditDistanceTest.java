package io.weir.limiter.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "'', abc, 3",
    "burst, burst, 0",
    "brust, burst, 1",
    "ab, ba, 1",
    "POTS, POST, 1",
    "ca, abc, 3",
    "kitten, sitting, 3",
    "unit, units, 1",
    "minute, minuet, 1",
  })
  void itIsTheNumberOfLettersToChangeEitherWay(String a, String b, int distance) {
    assertThat(EditDistance.between(a, b)).isEqualTo(distance);
    assertThat(EditDistance.between(b, a)).isEqualTo(distance);
  }
}
