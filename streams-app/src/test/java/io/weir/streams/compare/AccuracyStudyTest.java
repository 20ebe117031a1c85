package io.weir.streams.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class AccuracyStudyTest {
  private static final Limit LIMIT = Limit.slidingWindowCounter(100, Duration.ofMinutes(1));

  @Test
  void itJudgesAsManyRequestsAsItWasToldAboutAndTellsThem() {
    LongAdder done = new LongAdder();
    Accuracy accuracy = study(1).run(done::add);
    assertThat(accuracy.requests()).isBetween(150_000L, 250_000L).isEqualTo(done.sum());
    assertThat(accuracy.sources()).isBetween(900L, 1_000L);
    assertThat(accuracy.over()).isBetween(accuracy.requests() / 10, accuracy.requests() * 9 / 10);
  }

  @Test
  void aMeterIsNearlyRightAndALimiterNeverLetsTwiceTheLimitThrough() {
    Accuracy accuracy = study(1).run(requests -> {});
    double requests = accuracy.requests();
    assertThat(accuracy.meter().wronglyAllowed() / requests).isBetween(0.001, 0.02);
    assertThat(accuracy.meter().wronglyDenied() / requests).isBetween(0.001, 0.02);
    assertThat(accuracy.meanDifference()).isBetween(0.01, 0.25);
    assertThat(accuracy.limiter().most()).isGreaterThan(100).isLessThan(200);
    // Who is wrongly judged is near the limit.
    assertThat(accuracy.meter().meanOver()).isBetween(0.01, 0.2);
    assertThat(accuracy.meter().meanLeft()).isBetween(0.01, 0.2);
    assertThat(accuracy.limiter().meanOver()).isBetween(0.01, 0.2);
    assertThat(accuracy.limiter().meanLeft()).isBetween(0.01, 0.2);
  }

  /** What is spread evenly within a window is what the counter takes it for. */
  @Test
  void theLessRatesChangeTheNearerItIs() {
    Accuracy steady = study(1, 0).run(requests -> {});
    Accuracy changing = study(1, 1).run(requests -> {});
    assertThat(steady.meanDifference()).isLessThan(changing.meanDifference() * 2 / 3);
    assertThat(steady.meter().most()).isBetween(100L, changing.meter().most());
  }

  @Test
  void theSameSeedIsTheSameStudyAndAnotherOneIsAnother() {
    Accuracy one = study(1).run(requests -> {});
    Accuracy again = study(1).run(requests -> {});
    assertThat(again.requests()).isEqualTo(one.requests());
    assertThat(again.meter().wronglyAllowed()).isEqualTo(one.meter().wronglyAllowed());
    assertThat(study(2).run(requests -> {}).requests()).isNotEqualTo(one.requests());
  }

  private static AccuracyStudy study(long seed) {
    return study(seed, 1);
  }

  private static AccuracyStudy study(long seed, double spread) {
    return new AccuracyStudy(
        LIMIT,
        new AccuracyStudy.SourceTraffic(
            1_000, 200_000, Duration.ofMinutes(20), Duration.ofSeconds(30), spread, seed));
  }
}
