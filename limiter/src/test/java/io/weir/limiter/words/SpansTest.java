package io.weir.limiter.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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

  @ParameterizedTest
  @CsvSource({
    "0, 0ms",
    "999, 999ms",
    "1000, 1s",
    "4201, 4.3s",
    "59400, 59.4s",
    "60000, 1m",
    "90500, 1m 30s",
    "3600000, 1h",
    "5400000, 1h 30m",
    "86400000, 1d",
    "90000000, 1d 1h"
  })
  void aSpanIsSaidInLittleRoom(long millis, String said) {
    assertThat(Spans.brief(millis)).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 ms",
    "PT0.25S, 250 ms",
    "PT0.0000015S, 0.0015 ms",
    "PT1S, 1 s",
    "PT1.001S, 1 s 1 ms",
    "PT1M30S, 1 min 30 s",
    "P366DT3H, 366 d 3 h",
    "PT24H0.5S, 1 d 500 ms",
    "PT-1.5S, -1 s 500 ms",
    "PT2562047788015215H30M7S, 106751991167300 d 15 h 30 min 7 s"
  })
  void aDurationIsSaidToTheLastBit(Duration duration, String said) {
    assertThat(Spans.exact(duration)).isEqualTo(said);
  }
}
