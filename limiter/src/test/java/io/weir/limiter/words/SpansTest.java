package io.weir.limiter.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpansTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1000, 1 s",
    "1001, 2 s",
    "59999, 60 s",
    "60000, 1 min",
    "60001, 1 min 1 s",
    "2498556, 41 min 39 s",
    "3600000, 1 h",
    "3600001, 1 h 1 min",
    "86399999, 24 h",
    "86400000, 1 d",
    "90000000, 1 d 1 h",
    "9223372036854775807, 106751991167 d 8 h"
  })
  void aSpanIsSaidInItsTwoLargestUnitsRoundedUp(long millis, String said) {
    assertThat(Spans.of(millis)).isEqualTo(said);
  }
}
