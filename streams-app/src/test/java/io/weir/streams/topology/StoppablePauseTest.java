package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.serde.Backoff;
import io.weir.streams.serde.StopSignal;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class StoppablePauseTest {
  private static final long HOUR_MILLIS = 3_600_000;

  private final StopSignal stop = new StopSignal();
  private final RetryPause pause = new StoppablePause(new Backoff(HOUR_MILLIS, HOUR_MILLIS), stop);

  @Test
  void aShortPauseJustPasses() {
    new StoppablePause(new Backoff(1, 1), stop).pause(1);
    assertThat(stop.isGiven()).isFalse();
  }

  @Test
  void stoppingEndsAPauseAtOnce() {
    stop.give();
    assertThatThrownBy(() -> pause.pause(1))
        .isInstanceOf(StreamsException.class)
        .hasMessageContaining("the application stops");
  }

  @Test
  void interruptionIsPassedOn() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> pause.pause(1)).isInstanceOf(StreamsException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
