package io.weir.limiter.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.CountdownAlgorithm;
import io.weir.limiter.algorithm.FixedWindow;
import io.weir.limiter.algorithm.LeakyBucket;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.SlidingWindowCounter;
import io.weir.limiter.algorithm.SlidingWindowLog;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.codec.ScriptForm.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScriptFormTest {
  private static final long MOST = (1L << 52) - 1;
  private static final long YEAR_MILLIS = 365L * 86_400_000;

  @Test
  void widthsAreThoseOfTheLargestNumbers() {
    // 200 tokens of 600 units each.
    assertForm(limit(new TokenBucket(), 100, 60_000, 200), Kind.BUCKET, 3);
    assertForm(limit(new LeakyBucket(), 1, 1, 255), Kind.BUCKET, 1);
    assertForm(limit(new LeakyBucket(), 1, 1, 256), Kind.BUCKET, 2);
    assertForm(limit(new FixedWindow(), 100, 60_000, 100), Kind.WINDOW, 2, 1);
    assertForm(limit(new SlidingWindowCounter(), 100, 60_000, 100), Kind.COUNTER, 3, 1, 7);
    assertForm(limit(new SlidingWindowLog(), 1_000, 60_000, 1_000), Kind.LOG, 6, 2);
  }

  @Test
  void aLimitOfNothingHasAFormToo() {
    assertForm(limit(new TokenBucket(), 0, 1_000, 0), Kind.BUCKET, 1);
    assertForm(limit(new FixedWindow(), 0, 1_000, 0), Kind.WINDOW, 2, 1);
  }

  @Test
  void whatDoublesCannotCountExactlyHasNone() {
    assertThat(form(limit(new TokenBucket(), 1, 1, MOST >> 6))).isPresent();
    assertThat(form(limit(new TokenBucket(), 1 << 10, 1, MOST))).isPresent();
    assertThat(form(limit(new TokenBucket(), 1 << 10, 1, MOST + 1))).isEmpty();
    assertThat(form(limit(new FixedWindow(), MOST, 1_000, MOST))).isPresent();
    assertThat(form(limit(new FixedWindow(), MOST + 1, 1_000, MOST + 1))).isEmpty();
    assertThat(form(limit(new SlidingWindowCounter(), MOST / 1_000, 1_000, MOST / 1_000)))
        .isPresent();
    assertThat(form(limit(new SlidingWindowCounter(), MOST / 1_000 + 1, 1_000, MOST / 1_000 + 1)))
        .isEmpty();
    assertThat(form(limit(new SlidingWindowLog(), MOST, 1, MOST))).isPresent();
    assertThat(form(limit(new SlidingWindowLog(), MOST + 1, 1, MOST + 1))).isEmpty();
  }

  @Test
  void whatIsIdleOnlyAfterThousandsOfYearsHasNone() {
    assertThat(form(limit(new TokenBucket(), 1, YEAR_MILLIS, 4_000))).isPresent();
    assertThat(form(limit(new TokenBucket(), 1, YEAR_MILLIS, 5_000))).isEmpty();
  }

  @Test
  void algorithmsOfTheUsersOwnHaveNone() {
    assertThat(form(limit(new CountdownAlgorithm(), 1, 1_000, 1))).isEmpty();
  }

  @Test
  void numbersTellLimitsApart() {
    assertThat(form(limit(new TokenBucket(), 1, 1_000, 5)).orElseThrow().numbers())
        .isNotEqualTo(form(limit(new LeakyBucket(), 1, 1_000, 5)).orElseThrow().numbers())
        .isNotEqualTo(form(limit(new TokenBucket(), 1, 1_000, 6)).orElseThrow().numbers())
        .isEqualTo(form(limit(new TokenBucket(), 1, 1_000, 5)).orElseThrow().numbers());
  }

  private static Limit limit(Algorithm<?> algorithm, long requests, long periodMillis, long burst) {
    return new Limit(algorithm, requests, periodMillis, burst);
  }

  private static Optional<ScriptForm> form(Limit limit) {
    return ScriptForm.of(limit);
  }

  private static void assertForm(Limit limit, Kind kind, int... widths) {
    ScriptForm form = form(limit).orElseThrow();
    assertThat(form.kind()).isEqualTo(kind);
    assertThat(form.widths()).as("%s", limit).containsExactly(widths);
  }
}
