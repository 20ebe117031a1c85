package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ExactTest {

  @Test
  void whatDrainsMayBeMoreThanALong() {
    // 2^63, the sign of a long; 2^64, all bits of a long 0; and a little more.
    assertThat(Exact.drained(7, 1L << 33, 1L << 30)).isZero();
    assertThat(Exact.drained(7, 1L << 34, 1L << 30)).isZero();
    assertThat(Exact.drained(7, (1L << 34) + 1, 1L << 30)).isZero();
    assertThat(Exact.drained(Exact.MAX_SCALED, 1L << 62, 1L << 62)).isZero();
  }

  @Property
  void aLevelDrainsToNothingAndNoFurther(
      @ForAll @LongRange(max = Exact.MAX_SCALED) long level,
      @ForAll @LongRange(max = LimitState.MAX_TIME_MILLIS) long elapsedMillis,
      @ForAll @LongRange(max = Exact.MAX_SCALED) long unitsPerMilli) {
    BigInteger left =
        BigInteger.valueOf(level)
            .subtract(BigInteger.valueOf(elapsedMillis).multiply(BigInteger.valueOf(unitsPerMilli)))
            .max(BigInteger.ZERO);
    assertThat(Exact.drained(level, elapsedMillis, unitsPerMilli)).isEqualTo(left.longValueExact());
  }
}
