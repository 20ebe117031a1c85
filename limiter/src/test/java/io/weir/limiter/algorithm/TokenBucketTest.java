package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long T = 1_800_000_000_000L;

  private final Limit limit = Limit.tokenBucket(100, Duration.ofMinutes(1)).withBurst(200);
  private final Row row = Row.absent();

  @Test
  void startsFullAndAdmitsTheBurstAtOnce() {
    assertThat(row.usage(limit, T)).isEqualTo(new Usage(200, T));
    assertThat(row.check(limit, T, 200).admitted()).isTrue();
    assertThat(row.usage(limit, T)).isEqualTo(new Usage(0, T + 120_000));
  }

  @Test
  void emptyBucketAdmitsTheNextTokenWhenItIsRefilled() {
    row.check(limit, T, 200);
    assertThat(row.ask(limit, T, 1).readyAtMillis()).hasValue(T + 600);
    assertThat(row.admits(limit, T + 599, 1)).isFalse();
    assertThat(row.admits(limit, T + 600, 1)).isTrue();
  }

  @Test
  void waitAtThreePerSecondIsRoundedUpSoThatTheRetrySucceeds() {
    Limit three = Limit.tokenBucket(3, Duration.ofSeconds(1));
    row.check(three, T, 3);
    assertThat(row.ask(three, T, 1).readyAtMillis()).hasValue(T + 334);
    assertThat(row.ask(three, T, 2).readyAtMillis()).hasValue(T + 667);
    assertThat(row.ask(three, T, 3).readyAtMillis()).hasValue(T + 1_000);
  }

  @Test
  void costAboveTheBurstNeverFits() {
    assertThat(row.check(limit, T, 201).neverFits()).isTrue();
    assertThat(row.check(limit, T, Long.MAX_VALUE).neverFits()).isTrue();
  }

  @Test
  void changedRateAndBurstKeepTheMissingTokensMissing() {
    row.check(limit, T, 50);
    assertThat(row.usage(Limit.tokenBucket(1_000, Duration.ofHours(1)), T).remaining())
        .isEqualTo(950);
    assertThat(row.usage(Limit.tokenBucket(60, Duration.ofMinutes(1)), T).remaining())
        .isEqualTo(10);
    assertThat(row.usage(Limit.tokenBucket(20, Duration.ofMinutes(1)), T).remaining()).isZero();
  }

  @Test
  void levelCarriedToAnotherRateIsRoundedAgainstTheRequest() {
    Limit three = Limit.tokenBucket(3, Duration.ofSeconds(1));
    row.check(three, T, 3);
    // 1 ms later 2.997 tokens are missing, and of the units of 2 per second that is 1498.5.
    Limit two = Limit.tokenBucket(2, Duration.ofSeconds(1)).withBurst(3);
    TokenBucketState carried =
        new TokenBucket()
            .carryOver(three, (TokenBucketState) row.stored().orElseThrow().state(), two, T + 1);
    assertThat(carried).isEqualTo(new TokenBucketState(1_499, T + 1));
  }

  @Test
  void raisedRateFreesWhatItWouldHaveSinceTheLastAdmission() {
    Limit daily = Limit.tokenBucket(1_000, Duration.ofDays(1));
    Limit minutely = Limit.tokenBucket(1_000, Duration.ofMinutes(1));
    row.check(daily, T, 1_000);
    assertThat(row.ask(minutely, T, 1).readyAtMillis()).hasValue(T + 60);
    assertThat(row.admits(minutely, T + 59, 1)).isFalse();
    assertThat(row.admits(minutely, T + 60, 1)).isTrue();
  }

  @Test
  void loweredRateLetsTheOldOneRefillUntilNow() {
    Limit fast = Limit.tokenBucket(60, Duration.ofMinutes(1));
    Limit slow = Limit.tokenBucket(60, Duration.ofHours(1));
    row.check(fast, T, 60);
    assertThat(row.usage(slow, T + 30_000).remaining()).isEqualTo(30);
    assertThat(row.usage(slow, T + 60_000).remaining()).isEqualTo(60);
  }

  @Test
  void closedLimitRemembersNothing() {
    row.check(limit, T, 200);
    Limit closed = Limit.tokenBucket(0, Duration.ofMinutes(1)).withBurst(200);
    TokenBucketState state = (TokenBucketState) row.stored().orElseThrow().state();
    TokenBucketState carried = new TokenBucket().carryOver(limit, state, closed, T);
    assertThat(carried).isEqualTo(new TokenBucketState(0, T));
    assertThat(new TokenBucket().idleFromMillis(closed, carried)).isEqualTo(T);
  }

  @Test
  void rowIsIdleWhenTheBucketIsFull() {
    row.check(limit, T, 1);
    assertThat(row.idleFromMillis()).isEqualTo(T + 600);
    assertThat(Row.absent().idleFromMillis()).isZero();
  }
}
