package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server tells of its limits, and the rate and the burst that follow. */
class AdaptiveToldLimitTest extends AdaptiveKit {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=99;t=60",
        "RateLimit-Policy: 100;w=60 # RateLimit: limit=100, remaining=99, reset=60",
        "RateLimit-Limit: 100, 100;w=60 # RateLimit-Remaining: 99 # RateLimit-Reset: 60",
        "RateLimit-Limit: 100 # RateLimit-Remaining: 99 # RateLimit-Reset: 60",
        "X-RateLimit-Limit: 100 # X-RateLimit-Remaining: 99 # X-RateLimit-Reset: 60",
        "X-RateLimit-Limit: 100 # X-RateLimit-Remaining: 99 # X-RateLimit-Reset: 1700000060",
        "X-RateLimit-Limit: 100 # X-RateLimit-Remaining: 99 # X-RateLimit-Reset: 1700000060000",
        "x-rate-limit-limit: 100 # x-rate-limit-remaining: 99 # x-rate-limit-reset: 1700000060",
      })
  void ofTheQuotaTheSafetyFactorIsTheRateAndTheRestIsTheBurst(String headers) {
    answer(limiter, 200, headers(headers));

    // 90 of 100 a minute, in lowest terms, and 10 at once.
    assertThat(limiter.limit()).isEqualTo(bucket(3, 2_000, 10));
  }

  @Test
  void aBucketOfTheServersGivesItsOwnBurst() {
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=10;w=1;weir-burst=50");

    assertThat(limiter.limit()).isEqualTo(bucket(9, 1_000, 45));
  }

  @Test
  void ofSeveralLimitsTheSlowestRateAndTheSmallestBurstHold() {
    answer(limiter, 200, "RateLimit-Policy: \"s\";q=20;w=1, \"h\";q=3600;w=3600");

    assertThat(limiter.limit()).isEqualTo(bucket(9, 10_000, 2));
  }

  @Test
  void whatIsLeftSlowsTheRateUntilTheResetWhereOthersCallAsWell() {
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=20;t=30");

    // 90 % of 20 in 30 s, and 10 % of 20 at once.
    assertThat(limiter.limit()).isEqualTo(bucket(3, 5_000, 2));
    assertThat(limiter.availableTokens()).isEqualTo(2);
    timer.advance(29_999);
    assertThat(limiter.limit().requests()).isEqualTo(3);
    timer.advance(1);
    assertThat(limiter.limit()).isEqualTo(bucket(3, 2_000, 10));
  }

  @Test
  void withoutAQuotaWhatIsLeftSlowsTheRate() {
    answer(limiter, 200, "X-RateLimit-Remaining: 20 # X-RateLimit-Reset: 10");
    assertThat(limiter.limit()).isEqualTo(bucket(9, 5_000, 2));

    timer.advance(10_000);
    assertThat(limiter.limit()).isEqualTo(INITIAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000", "1000000000000"})
  void withoutAQuotaWhatIsLeftNeverRaisesTheRate(String left) {
    answer(limiter, 200, "X-RateLimit-Remaining: " + left + " # X-RateLimit-Reset: 1");

    assertThat(limiter.limit()).isEqualTo(INITIAL);
  }

  @Test
  void aWindowThatIsNotToldIsAsLongAsTheLongestReset() {
    answer(limiter, 200, "X-RateLimit-Limit: 100 # X-RateLimit-Reset: 10");
    assertThat(limiter.limit()).isEqualTo(bucket(9, 1_000, 10));

    answer(limiter, 200, "X-RateLimit-Limit: 100 # X-RateLimit-Reset: 60");
    answer(limiter, 200, "X-RateLimit-Limit: 100 # X-RateLimit-Reset: 50");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 2_000, 10));
  }

  @Test
  void secondsThatWereRoundedUpDoNotSlowTheRate() {
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=10;w=1 # RateLimit: \"p\";r=9;t=1");
    timer.advance(700);
    answer(limiter, 200, "RateLimit: \"p\";r=3;t=1");

    assertThat(limiter.limit()).isEqualTo(bucket(9, 1_000, 1));
  }

  @Test
  void whatIsLeftAndNotToldAgainStillIs() {
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=20;t=30");
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 5_000, 2));

    timer.advance(30_000);
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 2_000, 10));
  }

  @Test
  void resourcesThatAreToldInTurnAreLimitsOfTheirOwn() {
    String core = "X-RateLimit-Limit: 5000 # X-RateLimit-Reset: 3600 # X-RateLimit-Resource: core";
    String search = "X-RateLimit-Limit: 30 # X-RateLimit-Reset: 60 # X-RateLimit-Resource: search";
    answer(limiter, 200, core);
    assertThat(limiter.limit()).isEqualTo(bucket(1, 800, 500));

    // One limiter for all goes by the slowest of them, and does not take one for the other.
    answer(limiter, 200, search);
    answer(limiter, 200, core);
    assertThat(limiter.limit()).isEqualTo(bucket(9, 20_000, 3));
    timer.advance(60_000);
    answer(limiter, 200, core);
    assertThat(limiter.limit()).isEqualTo(bucket(1, 800, 500));
  }

  @Test
  void aLimitThatIsNotToldForItsWindowIsForgottenWhereOthersAre() {
    answer(limiter, 200, "RateLimit-Policy: \"a\";q=100;w=60, \"b\";q=10;w=60");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 20_000, 1));

    timer.advance(59_999);
    answer(limiter, 200, "RateLimit-Policy: \"a\";q=100;w=60");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 20_000, 1));
    timer.advance(1);
    answer(limiter, 200, Map.of());
    assertThat(limiter.limit()).isEqualTo(bucket(3, 20_000, 1));
    answer(limiter, 200, "RateLimit-Policy: \"a\";q=100;w=60");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 2_000, 10));
  }

  @Test
  void aLimitThatIsNotToldForAsLongAsIsBelievedIsForgotten() {
    answer(limiter, 200, "RateLimit-Policy: \"a\";q=100;w=60");
    timer.advance(86_399_999);
    answer(limiter, 200, Map.of());
    assertThat(limiter.limit()).isEqualTo(bucket(3, 2_000, 10));
    timer.advance(1);
    answer(limiter, 200, Map.of());
    assertThat(limiter.limit()).isEqualTo(INITIAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-RateLimit-Limit: -1 # X-RateLimit-Remaining: -1 # X-RateLimit-Reset: -1",
        "X-RateLimit-Limit: 99999999999999999999 # X-RateLimit-Remaining: 99999999999999999999",
        "X-RateLimit-Limit: many # X-RateLimit-Remaining: few # X-RateLimit-Reset: soon",
        "X-RateLimit-Limit: 0 # X-RateLimit-Reset: 99999999",
        "RateLimit: \"p\";r=1;t=1, # RateLimit-Policy: \"p\";q=-1;w=-1",
        "Retry-After: tomorrow",
      })
  void whatIsAbsurdChangesNothing(String headers) {
    answer(limiter, 200, headers(headers));

    assertThat(limiter.limit()).isEqualTo(INITIAL);
    assertThat(limiter.availableTokens()).isEqualTo(10);
  }

  @Test
  void manyNamesAreForgottenFromTheOldest() {
    for (int i = 1; i <= 40; i++) {
      answer(limiter, 200, "RateLimit-Policy: \"p" + i + "\";q=" + i + ";w=1");
    }

    // Of the last sixteen, 25 is the least.
    assertThat(limiter.limit()).isEqualTo(bucket(9, 400, 2));
  }

  @Test
  void whatTheRateWillUseUntilTheResetIsNotThereToBeUsedAtOnce() {
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=50;t=30");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 2_000, 10));
    assertThat(limiter.availableTokens()).isEqualTo(5);

    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=45;t=30");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 2_000, 10));
    assertThat(limiter.availableTokens()).isZero();
  }

  @Test
  void aLimitOfTheSameRateAsTheInitialOneHasItsOwnBurst() {
    AdaptiveRateLimiter exact = builder().adaptive(it -> it.safety(1)).build();

    answer(exact, 200, "RateLimit-Policy: \"p\";q=100;w=10");
    assertThat(exact.limit()).isEqualTo(bucket(1, 100, 1));
  }
}
