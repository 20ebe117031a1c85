package io.weir.streams.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
  private long nowNanos = 1_000;
  private final List<Long> sleeps = new ArrayList<>();

  @Test
  void actionsAreSpreadEvenlyFromTheFirstOn() {
    Pace pace = pace(4);

    for (int i = 0; i < 3; i++) {
      pace.await();
    }

    assertThat(sleeps).containsExactly(250_000_000L, 250_000_000L);
  }

  @Test
  void aDelayIsMadeUpFor() {
    Pace pace = pace(10);
    pace.await();
    nowNanos += 350_000_000;

    pace.await();
    pace.await();
    pace.await();
    assertThat(sleeps).isEmpty();

    pace.await();
    assertThat(sleeps).containsExactly(50_000_000L);
  }

  @Test
  void aSleepThatEndsEarlyIsContinued() {
    Pace pace =
        new Pace(
            1,
            () -> nowNanos,
            nanos -> {
              sleeps.add(nanos);
              nowNanos += Math.min(nanos, 600_000_000);
            });
    pace.await();
    pace.await();

    assertThat(sleeps).containsExactly(1_000_000_000L, 400_000_000L);
  }

  @Test
  void withoutALimitNothingWaits() {
    Pace pace = pace(Double.POSITIVE_INFINITY);

    for (int i = 0; i < 100; i++) {
      pace.await();
    }

    assertThat(sleeps).isEmpty();
  }

  private Pace pace(double perSecond) {
    return new Pace(
        perSecond,
        () -> nowNanos,
        nanos -> {
          sleeps.add(nanos);
          nowNanos += nanos;
        });
  }
}
