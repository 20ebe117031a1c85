package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far a server is followed: the safety factor, the minimum and the maximum. */
class AdaptiveSettingsTest extends AdaptiveKit {
  @ParameterizedTest
  @CsvSource({"1, 1, 600, 1", "0.5, 1, 1200, 50", "0.9994, 333, 200000, 1", "0.1, 1, 6000, 90"})
  void theSafetyFactorIsASetting(double factor, long requests, long periodMillis, long burst) {
    AdaptiveRateLimiter careful = builder().adaptive(it -> it.safety(factor)).build();

    answer(careful, 200, "RateLimit-Policy: \"p\";q=100;w=60");
    assertThat(careful.limit()).isEqualTo(bucket(requests, periodMillis, burst));
  }

  @Test
  void aSlowInitialLimitIsNotMadeFasterByTheDefaultMinimum() {
    Limit slow = Limit.tokenBucket(1, Duration.ofHours(1));
    AdaptiveRateLimiter patient =
        AdaptiveRateLimiter.builder(slow).clock(clock).timer(timer).build();

    answer(patient, 200, Map.of());
    assertThat(patient.limit()).isEqualTo(slow);
    answer(patient, 200, "RateLimit-Policy: \"p\";q=1;w=86400");
    assertThat(patient.limit()).isEqualTo(bucket(1, 3_600_000, 1));
  }

  @Test
  void theMaximumBindsTheInitialLimitToo() {
    AdaptiveRateLimiter bounded =
        builder().adaptive(it -> it.maximum(Limit.tokenBucket(2, SECOND))).build();
    assertThat(bounded.limit()).isEqualTo(bucket(1, 500, 10));

    answer(bounded, 200, Map.of());
    assertThat(bounded.limit()).isEqualTo(bucket(1, 500, 10));
    bounded.updateRateLimit(Limit.tokenBucket(20, SECOND));
    assertThat(bounded.limit()).isEqualTo(bucket(1, 500, 20));
    bounded.updateRateLimit(Limit.tokenBucket(1, SECOND));
    assertThat(bounded.limit()).isEqualTo(Limit.tokenBucket(1, SECOND));
  }

  @Test
  void aMinimumAboveTheMaximumIsAnError() {
    AdaptiveRateLimiter.Builder builder =
        builder()
            .adaptive(
                it ->
                    it.minimum(Limit.tokenBucket(3, SECOND)).maximum(Limit.tokenBucket(2, SECOND)));

    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessage("minimum is 3 per 1 s; it must be at most the maximum, 1 per 500 ms");
    // The default minimum gives way.
    builder().adaptive(it -> it.maximum(Limit.tokenBucket(1, Duration.ofHours(1)))).build().close();
  }

  @Test
  void settingsThatChangeAfterTheLimiterIsMadeChangeNothing() {
    AdaptiveSettings[] kept = new AdaptiveSettings[1];
    EndpointRateLimiter endpoints =
        EndpointRateLimiter.builder(INITIAL)
            .clock(clock)
            .timer(timer)
            .adaptive(it -> kept[0] = it)
            .build();
    kept[0].safety(0.5);

    endpoints.onAnswer(
        "GET /a",
        200,
        name -> name.equals("RateLimit-Policy") ? List.of("\"p\";q=100;w=60") : List.of());
    assertThat(endpoints.limit("GET /a")).isEqualTo(bucket(3, 2_000, 10));
  }

  @Test
  void theRateIsNeverBelowTheMinimumNorAboveTheMaximum() {
    AdaptiveRateLimiter bounded =
        builder()
            .adaptive(
                it ->
                    it.minimum(Limit.tokenBucket(1, SECOND)).maximum(Limit.tokenBucket(20, SECOND)))
            .build();

    answer(bounded, 200, "RateLimit-Policy: \"p\";q=1;w=3600");
    assertThat(bounded.limit()).isEqualTo(bucket(1, 1_000, 1));
    answer(bounded, 200, "RateLimit-Policy: \"p\";q=1000;w=1");
    assertThat(bounded.limit()).isEqualTo(bucket(1, 50, 100));
  }

  @Test
  void settingsThatMakeNoSenseAreErrors() {
    AdaptiveSettings settings = new AdaptiveSettings();
    for (double factor : new double[] {0, -1, 1.001, 0.0001, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> settings.safety(factor))
          .withMessage("safety is " + factor + "; it must be from 0.001 to 1");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.longest(Duration.ofDays(367)))
        .withMessage("longest is 367 d; it must be from 1 ms to 366 days");
    assertThatIllegalArgumentException().isThrownBy(() -> settings.firstPause(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.minimum(Limit.fixedWindow(1, SECOND)));
  }

  @Test
  void theLongestAndTheShortestTimesAreAllowed() {
    AdaptiveSettings settings =
        new AdaptiveSettings()
            .longest(Duration.ofDays(366))
            .firstPause(Duration.ofMillis(1))
            .maximum(Limit.tokenBucket(5, SECOND))
            .minimum(Limit.tokenBucket(5, SECOND))
            .safety(0.001);

    AdaptiveRules rules = settings.copy().rules(INITIAL);
    assertThat(rules.longest()).isEqualTo(Duration.ofDays(366));
    assertThat(rules.firstPause()).hasMillis(1);
    assertThat(rules.minimum()).isEqualTo(new Rate(1, 200));
    assertThat(rules.safetyPermille()).isEqualTo(1);
  }
}
