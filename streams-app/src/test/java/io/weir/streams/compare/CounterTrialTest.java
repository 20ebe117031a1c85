package io.weir.streams.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Few requests, of which one can tell by hand what is right. */
class CounterTrialTest {
  private static final long MINUTE = 60_000;
  private final CounterTrial trial =
      new CounterTrial(Limit.slidingWindowCounter(10, Duration.ofMinutes(1)), 1_000);

  @Test
  void whoCameLateInTheLastWindowIsWronglyAllowed() {
    take(10, MINUTE - 1);
    // Half of the last window counts: five more, each of which makes more than ten of a minute.
    take(8, MINUTE + MINUTE / 2);
    Accuracy accuracy = trial.accuracy();
    assertThat(accuracy.requests()).isEqualTo(18);
    assertThat(accuracy.over()).isEqualTo(8);
    assertThat(accuracy.meter().wronglyAllowed()).isEqualTo(5);
    assertThat(accuracy.meter().wronglyDenied()).isZero();
    assertThat(accuracy.meter().meanOver()).isCloseTo((1 + 2 + 3 + 4 + 5) / 5.0 / 10, within(1e-9));
    assertThat(accuracy.meter().most()).isEqualTo(15);
    // Those that were denied are not counted by a limiter, and so it is here what the meter is.
    assertThat(accuracy.limiter()).isEqualTo(accuracy.meter());
    assertThat(accuracy.admitted()).isEqualTo(15);
    assertThat(accuracy.admittedByLog()).isEqualTo(10);
  }

  @Test
  void whoCameEarlyInTheLastWindowIsWronglyDenied() {
    take(10, 0);
    // A minute later none of them counts, and all but a thousandth of them is thought to.
    take(4, MINUTE + 60);
    Accuracy accuracy = trial.accuracy();
    assertThat(accuracy.over()).isZero();
    assertThat(accuracy.meter().wronglyAllowed()).isZero();
    assertThat(accuracy.meter().wronglyDenied()).isEqualTo(4);
    assertThat(accuracy.limiter().wronglyDenied()).isEqualTo(4);
    // A meter counts them all the same, a limiter does not.
    assertThat(accuracy.meter().meanLeft()).isCloseTo((10 + 9 + 8 + 7) / 4.0 / 10, within(1e-9));
    assertThat(accuracy.limiter().meanLeft()).isCloseTo(1, within(1e-9));
    assertThat(accuracy.admitted()).isEqualTo(10);
    assertThat(accuracy.admittedByLog()).isEqualTo(14);
  }

  @Test
  void theDifferenceIsAShareOfWhatIsExactAndAtMostAllOfIt() {
    take(1, 0);
    take(1, MINUTE / 2); // One, rightly.
    take(1, MINUTE + MINUTE / 4); // One is thought to be two quarters more than there is.
    Accuracy accuracy = trial.accuracy();
    assertThat(accuracy.compared()).isEqualTo(2);
    // Two in the last window count three quarters each: 1.5, where there was one.
    assertThat(accuracy.meanDifference()).isCloseTo((0 + 0.5) / 2, within(1e-9));
  }

  private void take(int count, long atMillis) {
    for (int i = 0; i < count; i++) {
      trial.take(atMillis);
    }
  }
}
