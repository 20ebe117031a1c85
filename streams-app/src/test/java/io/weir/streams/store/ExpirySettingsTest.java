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
  void refusesWhatWouldNeverEndOrNeverBegin() {
    assertThatThrownBy(() -> new ExpirySettings(Duration.ZERO, 1, SECOND))
        .hasMessageContaining("interval is PT0S");
    assertThatThrownBy(() -> new ExpirySettings(SECOND, 0, SECOND)).hasMessageContaining("0 rows");
    assertThatThrownBy(() -> new ExpirySettings(SECOND, 1, Duration.ZERO))
        .hasMessageContaining("PT0S at a time");
  }
}
