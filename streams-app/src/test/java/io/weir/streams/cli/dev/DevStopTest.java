package io.weir.streams.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DevStopTest {
  private final DevStop stop = new DevStop();

  @Test
  void aWaitThatIsUnderWayIsBrokenOffAndTheCleaningUpIsNot() {
    Thread asker = new Thread(stop::ask);

    assertThatThrownBy(
            () ->
                stop.breakingOff(
                    () -> {
                      asker.start();
                      return await(new CountDownLatch(1));
                    }))
        .hasMessage("broken off");

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(stop.isAsked()).isTrue();
  }

  @Test
  void aStopBeforeTheWorkBreaksItOffToo() {
    stop.ask();

    assertThatThrownBy(() -> stop.breakingOff(() -> await(new CountDownLatch(1))))
        .hasMessage("broken off");
  }

  @Test
  void aStopAfterTheWorkInterruptsNobody() {
    assertThat(stop.breakingOff(() -> 42)).isEqualTo(42);

    stop.ask();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void whatComesFirstCounts() {
    stop.fail(() -> "the broker ended");
    stop.fail(
        () -> {
          throw new AssertionError("nobody wants to know");
        });
    stop.ask();

    assertThat(stop.isGiven()).isTrue();
    assertThat(stop.isAsked()).isFalse();
    assertThat(stop.trouble()).contains("the broker ended");
  }

  private static int await(CountDownLatch latch) {
    try {
      latch.await();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("broken off", e);
    }
  }
}
