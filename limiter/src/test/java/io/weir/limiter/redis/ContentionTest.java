package io.weir.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.rule.KeyText;
import org.junit.jupiter.api.Test;

class ContentionTest {
  private static final KeyText SHARED = KeyText.of("api/tenant=t");
  private static final KeyText OWN = KeyText.of("api/user_id=42");

  private final Contention contention = new Contention();

  @Test
  void whoLosesToOthersIsContended() {
    contention.observe(SHARED, 1);
    contention.observe(OWN, 0);

    assertThat(contention.heat(SHARED)).isPositive();
    assertThat(contention.heat(OWN)).isZero();
  }

  @Test
  void isForgottenWhereNobodyLosesAnyMore() {
    contention.observe(SHARED, 1);

    int calm = 0;
    while (contention.heat(SHARED) > 0) {
      contention.observe(SHARED, 0);
      calm++;
    }

    assertThat(calm).as("one loss outweighs some changes that went well").isEqualTo(256);
  }

  @Test
  void howeverContendedItIsSoonForgotten() {
    contention.observe(SHARED, Integer.MAX_VALUE / 512);

    for (int i = 0; i < 16_384; i++) {
      contention.observe(SHARED, 0);
    }

    assertThat(contention.heat(SHARED)).isZero();
  }
}
