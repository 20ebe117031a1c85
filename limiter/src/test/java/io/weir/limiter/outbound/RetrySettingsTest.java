package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetrySettingsTest extends HttpClientKit {
  @Test
  void chanceSpreadsThePauses() {
    RetrySettings settings = new RetrySettings().jitter(most -> most);
    assertThat(settings.pauseMillis(1_000)).isEqualTo(1_100);
    assertThat(settings.backoffMillis(1)).isEqualTo(1_000);
    assertThat(settings.backoffMillis(2)).isEqualTo(2_000);
    assertThat(settings.backoffMillis(99)).isEqualTo(60_000);
    Set<Long> pauses = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      pauses.add(new RetrySettings().backoffMillis(1));
      assertThat(new RetrySettings().pauseMillis(100)).isBetween(100L, 110L);
      assertThat(new RetrySettings().backoffMillis(1)).isBetween(500L, 1_000L);
    }
    assertThat(pauses).hasSizeGreaterThan(1);
  }

  @Test
  void settingsThatMakeNoSenseAreErrors() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> retrying(0))
        .withMessage("attempts is 0; it must be 1 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetrySettings().total(Duration.ofMillis(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetrySettings().firstPause(Duration.ofMillis(-1)));
  }
}
