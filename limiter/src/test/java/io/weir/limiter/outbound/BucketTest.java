package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketTest {
  /** A token every 100 ms, 5 at once. */
  private static final Limit TEN = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(5);

  private final Bucket bucket = new Bucket(TEN);

  @Test
  void whatRefilledBeforeAPauseIsThereAfterIt() {
    bucket.take(0, 5);

    bucket.pauseUntil(200, 1_200);
    assertThat(bucket.available(1_199)).isZero();
    assertThat(bucket.available(1_200)).isEqualTo(2);
    assertThat(bucket.available(1_300)).isEqualTo(3);
  }

  @Test
  void aFullBucketThatIsPausedIsNotAsOneThatWasJustMade() {
    bucket.pauseUntil(0, 100);

    assertThat(bucket.isFull(99)).isFalse();
    assertThat(bucket.isFull(100)).isTrue();
  }

  @Test
  void aFullBucketThatHidesWhatAWiderOneLacksIsNotAsOneThatWasJustMade() {
    bucket.take(0, 5);
    bucket.update(0, TEN.withBurst(1));

    assertThat(bucket.available(100)).isEqualTo(1);
    assertThat(bucket.isFull(499)).isFalse();
    assertThat(bucket.isFull(500)).isTrue();
  }

  @Test
  void aPauseIsWaitedForBeforeTheTokens() {
    bucket.take(0, 5);
    bucket.pauseUntil(0, 1_000);

    assertThat(bucket.waitMillis(0, 2)).isEqualTo(1_200);
    assertThat(bucket.waitMillis(400, 2)).isEqualTo(800);
    bucket.pauseUntil(400, 400);
    assertThat(bucket.waitMillis(400, 2)).isEqualTo(200);
  }

  @Test
  void asMuchCanBeOwedAsCanBeCounted() {
    Bucket wide = new Bucket(new Limit(new TokenBucket(), 1, 1L << 20, 4));
    long most = 1L << 42;

    assertThat(wide.canOwe(0, most)).isTrue();
    assertThat(wide.canOwe(0, most + 1)).isFalse();
    wide.take(0, 1);
    assertThat(wide.canOwe(0, most - 1)).isTrue();
    assertThat(wide.canOwe(0, most)).isFalse();
  }

  @Test
  void aDebtThatIsAtTheBoundIsTheLastThatLeavesRoomForOneMore() {
    Bucket wide = new Bucket(new Limit(new TokenBucket(), 1, 1, 1L << 61));

    wide.take(0, 1L << 61);
    wide.take(0, 1L << 61);
    assertThat(wide.canOweMore(0)).isTrue();
    wide.take(0, 1);
    assertThat(wide.canOweMore(0)).isFalse();
    assertThat(wide.canOwe(0, 1)).isFalse();
    assertThat(wide.canOweMore(1)).isTrue();
  }
}
