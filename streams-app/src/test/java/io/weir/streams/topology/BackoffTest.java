package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void pausesDoubleUpToTheLongest() {
    try (Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5))) {
      assertThat(backoff.millis(1)).isEqualTo(100);
      assertThat(backoff.millis(2)).isEqualTo(200);
      assertThat(backoff.millis(6)).isEqualTo(3_200);
      assertThat(backoff.millis(7)).isEqualTo(5_000);
      assertThat(backoff.millis(Integer.MAX_VALUE)).isEqualTo(5_000);
    }
  }

  @Test
  void closingEndsAPauseAtOnce() {
    Backoff backoff = new Backoff(Duration.ofHours(1), Duration.ofHours(1));
    backoff.close();
    assertThatThrownBy(() -> backoff.pause(1))
        .isInstanceOf(StreamsException.class)
        .hasMessageContaining("the application stops");
  }

  @Test
  void interruptionIsPassedOn() {
    try (Backoff backoff = new Backoff(Duration.ofHours(1), Duration.ofHours(1))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> backoff.pause(1)).isInstanceOf(StreamsException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
