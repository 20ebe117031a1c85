package io.weir.streams.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopTimeTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  @Test
  void whatOneTakesTheOthersHaveNotAndItRunsFromTheFirst() {
    StopTime time = new StopTime(Duration.ofSeconds(30), nanos::get);
    pass(3_600);
    assertThat(time.left()).isEqualTo(Duration.ofSeconds(30));
    pass(20);
    assertThat(time.left()).isEqualTo(Duration.ofSeconds(10));
    pass(20);
    assertThat(time.left()).isZero();
  }

  @Test
  void aStopTakesSomeTime() {
    assertThatThrownBy(() -> StopTime.of(Duration.ZERO))
        .hasMessage("the time of a stop is PT0S; it must be above 0");
  }

  private void pass(long seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
