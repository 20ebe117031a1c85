package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeakyBucketTest {
  private static final long T = 1_800_000_000_000L;

  private final Limit limit = Limit.leakyBucket(2, Duration.ofSeconds(1)).withBurst(3);
  private final Row row = Row.absent();

  @Test
  void queuedRequestsGetTurnsAtTheFixedOutflow() {
    assertThat(row.check(limit, T, 1).delayMillis()).hasValue(0);
    assertThat(row.check(limit, T, 1).delayMillis()).hasValue(500);
    assertThat(row.check(limit, T, 1).delayMillis()).hasValue(1_000);
  }

  @Test
  void fullQueueDeniesUntilAPlaceIsFree() {
    row.check(limit, T, 3);
    assertThat(row.ask(limit, T, 1).readyAtMillis()).hasValue(T + 500);
    assertThat(row.admits(limit, T + 499, 1)).isFalse();
    assertThat(row.ask(limit, T + 500, 1).delayMillis()).hasValue(1_000);
  }

  @Test
  void delayIsRoundedUpToAWholeMillisecond() {
    Limit three = Limit.leakyBucket(3, Duration.ofSeconds(1));
    row.check(three, T, 1);
    assertThat(row.ask(three, T, 1).delayMillis()).hasValue(334);
  }

  @Test
  void requestThatTakesSeveralPlacesDelaysTheNextByAllOfThem() {
    assertThat(row.check(limit, T, 2).delayMillis()).hasValue(0);
    assertThat(row.check(limit, T, 1).delayMillis()).hasValue(1_000);
    assertThat(row.usage(limit, T)).isEqualTo(new Usage(0, T + 1_500));
  }

  @Test
  void costAboveTheQueueNeverFits() {
    assertThat(row.check(limit, T, 4).neverFits()).isTrue();
  }

  @Test
  void changedOutflowKeepsWhatIsQueuedUpToTheNewQueue() {
    row.check(limit, T, 3);
    Limit faster = Limit.leakyBucket(10, Duration.ofSeconds(1));
    assertThat(row.usage(faster, T).remaining()).isEqualTo(7);
    assertThat(row.ask(faster, T, 1).delayMillis()).hasValue(300);
    assertThat(row.ask(limit.withBurst(2), T, 1).readyAtMillis()).hasValue(T + 500);
  }

  @Test
  void rowIsIdleWhenTheQueueIsDrained() {
    row.check(limit, T, 3);
    assertThat(row.idleFromMillis()).isEqualTo(T + 1_500);
  }
}
