package io.weir.streams.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExpirySettingsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void stepsTakeAFortyEighthOfTheTime() {
    assertThat(new ExpirySettings(SECOND, 1, Duration.ofMillis(2)).stepInterval())
        .isEqualTo(Duration.ofMillis(96));
  }

  @Test
  void stepsAreNeverFurtherApartThanLooksWhetherThereIsSomethingToDo() {
    assertThat(new ExpirySettings(SECOND, 1, Duration.ofDays(1)).stepInterval()).isEqualTo(SECOND);
    assertThat(new ExpirySettings(SECOND, 1, Duration.ofNanos(1)).stepInterval())
        .as("too short to be an interval")
        .isEqualTo(SECOND);
  }

  @Test
  void stepsInAFloodTakeAQuarterOfTheTime() {
    assertThat(new ExpirySettings(SECOND, 1, Duration.ofMillis(1)).floodTime())
        .isEqualTo(Duration.ofMillis(12));
    assertThat(new ExpirySettings(SECOND, 1, Duration.ofMillis(100)).floodTime())
        .as("where the interval is shorter than 48 times that")
        .isEqualTo(Duration.ofMillis(250));
    assertThat(new ExpirySettings(Duration.ofMillis(10), 1, Duration.ofMillis(5)).floodTime())
        .as("never less than without")
        .isEqualTo(Duration.ofMillis(5));
    assertThat(new ExpirySettings(SECOND, 1, Duration.ofNanos(20_000)).floodTime())
        .as("too short for an interval of its own")
        .isEqualTo(Duration.ofNanos(240_000));
  }

  @Test
  void refusesWhatWouldNeverEndOrNeverBegin() {
    assertThatThrownBy(() -> new ExpirySettings(Duration.ZERO, 1, SECOND))
        .hasMessageContaining("interval is PT0S");
    assertThatThrownBy(() -> new ExpirySettings(SECOND, 0, SECOND)).hasMessageContaining("0 rows");
    assertThatThrownBy(() -> new ExpirySettings(SECOND, 1, Duration.ZERO))
        .hasMessageContaining("PT0S at a time");
  }
}
