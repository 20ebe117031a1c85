package io.weir.streams.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "9999, 9999",
    "10000, 10k",
    "999499, 999k",
    "999500, 1.0M",
    "1234567, 1.2M",
    "9223372036854775807, 9.2E"
  })
  void aCountHasNoMoreThanFiveCharacters(long count, String text) {
    assertThat(Counts.brief(count)).isEqualTo(text);
  }
}
