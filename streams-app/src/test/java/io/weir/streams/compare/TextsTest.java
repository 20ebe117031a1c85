package io.weir.streams.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1000, 1.0 s",
    "179900, 179.9 s",
    "180000, 3.0 min",
    "10800000, 3.0 h",
    "259200000, 3.0 d",
    "31220640000, 361.4 d"
  })
  void aSpanHasOneUnit(long millis, String text) {
    assertThat(Texts.duration(millis)).isEqualTo(text);
  }

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
    assertThat(Texts.count(count)).isEqualTo(text);
  }
}
