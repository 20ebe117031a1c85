package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import org.junit.jupiter.api.Test;

class RateTest {

  @Test
  void isInLowestTerms() {
    assertThat(Rate.of(100, 60_000, 900)).isEqualTo(new Rate(3, 2_000));
  }

  @Test
  void aPeriodThatIsTooLongIsMadeShorterAndNothingFaster() {
    Rate slow = Rate.of(7, Limit.MAX_PERIOD_MILLIS, 1);

    assertThat(slow.periodMillis()).isLessThanOrEqualTo(Limit.MAX_PERIOD_MILLIS);
    assertThat(slow.requests()).isEqualTo(1);
  }

  @Test
  void aRateThatIsNoSlowerIsTheOther() {
    Rate one = new Rate(1, 10);
    Rate same = new Rate(2, 20);
    assertThat(one.isSlowerThan(same)).isFalse();
    assertThat(one.isSlowerThan(new Rate(3, 29))).isTrue();
    assertThat(Rate.slower(one, new Rate(1, 11))).isEqualTo(new Rate(1, 11));
    assertThat(Rate.faster(one, new Rate(1, 11))).isEqualTo(one);
  }
}
