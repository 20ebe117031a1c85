package io.weir.streams.gateway.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WritingWatchTest {
  private final AtomicLong nanos = new AtomicLong();
  private final WritingWatch watch = new WritingWatch(nanos::get);

  @Test
  void brokersThatAreSilentForLongAreTrouble() {
    watch.begun();
    pass(10);
    watch.begun();
    assertThat(watch.trouble()).isEmpty();

    pass(1);
    assertThat(watch.trouble()).hasValue("the brokers have confirmed no decision for 11 s");

    watch.written();
    assertThat(watch.trouble()).as("the other one may take as long").isEmpty();
    pass(11);
    assertThat(watch.trouble()).isPresent();
    watch.written();
    assertThat(watch.trouble()).isEmpty();
  }

  @Test
  void whereNothingIsDecidedNobodyIsSilent() {
    pass(3_600);
    assertThat(watch.trouble()).isEmpty();
    watch.begun();
    assertThat(watch.trouble()).isEmpty();
    watch.abandoned();
    pass(3_600);
    assertThat(watch.trouble()).isEmpty();
  }

  @Test
  void anObstacleIsTroubleAtOnceUntilSomethingIsWritten() {
    watch.begun();
    watch.hindered(new IllegalStateException("no such topic"));
    watch.begun();
    watch.abandoned();
    assertThat(watch.trouble()).hasValue("no such topic");
    watch.written();
    assertThat(watch.trouble()).isEmpty();
  }

  private void pass(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
