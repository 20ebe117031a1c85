package io.weir.limiter.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TickingClockTest {
  private final FakeClock source = new FakeClock(1_800_000_000_000L);

  @Test
  void goesWithItsSource() {
    try (TickingClock clock = TickingClock.start(source)) {
      assertThat(clock.millis()).isEqualTo(1_800_000_000_000L);
      source.advance(Duration.ofMillis(7));
      await().until(() -> clock.millis() == 1_800_000_000_007L);
      assertThat(clock.instant()).isEqualTo(Instant.ofEpochMilli(1_800_000_000_007L));
    }
  }

  @Test
  void asksItsSourceAfterItsThreadHasEnded() {
    TickingClock clock = TickingClock.start(source);
    clock.close();
    source.advance(Duration.ofMillis(7));
    assertThat(clock.millis()).isEqualTo(1_800_000_000_007L);
  }

  @Test
  void systemsClockIsTheDefault() {
    long beforeMillis = System.currentTimeMillis();
    try (TickingClock clock = TickingClock.start()) {
      assertThat(clock.millis()).isBetween(beforeMillis, System.currentTimeMillis());
    }
  }
}
