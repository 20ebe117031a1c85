package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveRateLimiterTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofDays(2);
  private static final Limit INITIAL = Limit.tokenBucket(10, SECOND);
  private static final long NOW_SECONDS = 1_700_000_000L;

  private final FakeClock clock = new FakeClock(NOW_SECONDS * 1_000);
  private final FakeTimer timer = new FakeTimer(clock);
  private final Recorder recorder = new Recorder();
  private final AdaptiveRateLimiter limiter = builder().build();

  private AdaptiveRateLimiter.Builder builder() {
    return AdaptiveRateLimiter.builder(INITIAL)
        .name("api")
        .clock(clock)
        .timer(timer)
        .executor(Runnable::run)
        .listener(recorder);
  }

  @Test
  void untilTheServerSaysSomethingTheInitialLimitHolds() {
    assertThat(limiter.limit()).isEqualTo(INITIAL);
    assertThat(limiter.availableTokens()).isEqualTo(10);
    assertThat(limiter.name()).isEqualTo("api");

    answer(limiter, 200, Map.of());
    assertThat(limiter.limit()).isEqualTo(INITIAL);
    assertThat(limiter.availableTokens()).isEqualTo(10);
    assertThat(recorder.events).isEmpty();
  }

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

  @ParameterizedTest
  @CsvSource({"1, 1, 600, 1", "0.5, 1, 1200, 50", "0.9994, 333, 200000, 1", "0.1, 1, 6000, 90"})
  void theSafetyFactorIsASetting(double factor, long requests, long periodMillis, long burst) {
    AdaptiveRateLimiter careful = builder().adaptive(it -> it.safety(factor)).build();

    answer(careful, 200, "RateLimit-Policy: \"p\";q=100;w=60");
    assertThat(careful.limit()).isEqualTo(bucket(requests, periodMillis, burst));
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
  void withoutAQuotaWhatIsLeftIsWhatThereIs() {
    answer(limiter, 200, "X-RateLimit-Remaining: 1000 # X-RateLimit-Reset: 10");
    assertThat(limiter.limit()).isEqualTo(bucket(9, 100, 10));

    timer.advance(10_000);
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
  void whereNothingIsLeftCallsWaitForTheReset() {
    answer(
        limiter, 200, "X-RateLimit-Limit: 100 # X-RateLimit-Remaining: 0 # X-RateLimit-Reset: 60");

    assertThat(limiter.acquire(1)).hasMillis(60_000);
    assertThat(recorder.events).last().isEqualTo("waits for SERVER 60000 behind 0");
    timer.advance(60_000);
    assertThat(limiter.tryAcquire()).isTrue();
  }

  @Test
  void whereNothingIsLeftAndTheResetIsNotToldCallsWaitForTheFirstPause() {
    answer(limiter, 200, "X-RateLimit-Remaining: 0");
    assertThat(limiter.acquire(1)).hasMillis(1_000);
    timer.advance(1_000);
    answer(limiter, 200, "X-RateLimit-Remaining: 0 # X-RateLimit-Reset: 0");
    assertThat(limiter.acquire(1)).hasMillis(1_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503, 403})
  void aRefusalWithRetryAfterMakesAllWaitForSoLongAndThenBeginWithoutABurst(int status) {
    CompletableFuture<Void> behind = fullyUsed().reserve(1, LONG);
    answer(limiter, status, "Retry-After: 30");

    timer.advance(29_999);
    assertThat(limiter.availableTokens()).isZero();
    assertThat(behind).isNotDone();
    timer.advance(5_000);
    assertThat(behind).isCompleted();
  }

  @Test
  void retryAfterMayBeADate() {
    answer(limiter, 429, "Retry-After: Tue, 14 Nov 2023 22:13:50 GMT");

    timer.advance(29_999);
    assertThat(limiter.tryAcquire()).isFalse();
    timer.advance(201);
    assertThat(limiter.tryAcquire()).isTrue();
  }

  @Test
  void aRetryAfterOfAnAnswerThatIsNoRefusalIsSaidOfSomethingElse() {
    answer(limiter, 301, "Retry-After: 30");

    assertThat(limiter.tryAcquire()).isTrue();
  }

  @Test
  void refusalsThatDoNotSayHowLongDoubleThePauseAndHalveTheRate() {
    answer(limiter, 429, Map.of());
    assertThat(limiter.limit()).isEqualTo(bucket(1, 200, 10));
    assertThat(limiter.acquire(1)).hasMillis(1_200);

    timer.advance(1_000);
    answer(limiter, 429, Map.of());
    assertThat(limiter.limit()).isEqualTo(bucket(1, 400, 10));
    assertThat(limiter.acquire(1)).hasMillis(2_400);

    timer.advance(2_000);
    answer(limiter, 200, Map.of());
    assertThat(limiter.limit().periodMillis()).isEqualTo(400);
    timer.advance(10_000);
    answer(limiter, 200, Map.of());
    assertThat(limiter.limit()).isEqualTo(bucket(7, 2_000, 10));
    for (int i = 0; i < 10; i++) {
      timer.advance(10_000);
      answer(limiter, 200, Map.of());
    }
    assertThat(limiter.limit()).isEqualTo(INITIAL);
    answer(limiter, 429, Map.of());
    assertThat(limiter.acquire(1)).hasMillis(1_200);
  }

  @Test
  void refusalsOfCallsThatWereUnderWayTellNothingNew() {
    for (int i = 0; i < 8; i++) {
      answer(limiter, 429, Map.of());
      answer(limiter, 200, Map.of());
    }

    assertThat(limiter.limit()).isEqualTo(bucket(1, 200, 10));
    assertThat(limiter.acquire(1)).hasMillis(1_200);
  }

  @Test
  void aServiceThatIsDownIsNoReasonForALowerRate() {
    answer(limiter, 503, Map.of());

    assertThat(limiter.limit()).isEqualTo(INITIAL);
    assertThat(limiter.acquire(1)).hasMillis(1_100);
  }

  @Test
  void aPauseIsNeverLongerThanWhatIsBelieved() {
    AdaptiveRateLimiter bounded =
        builder()
            .adaptive(it -> it.longest(Duration.ofSeconds(5)).firstPause(Duration.ofSeconds(4)))
            .build();
    answer(bounded, 429, Map.of());
    assertThat(bounded.acquire(1)).hasMillis(4_200);
    timer.advance(4_200);
    answer(bounded, 429, Map.of());
    assertThat(bounded.acquire(1)).hasMillis(5_400);
  }

  @Test
  void aRetryAfterThatIsTooFarAwayIsARefusalThatDoesNotSayHowLong() {
    answer(limiter, 429, "Retry-After: 86401");
    assertThat(limiter.acquire(1)).hasMillis(1_200);
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
        .withMessage("minimum is 3 per 1000 ms; it must be at most the maximum, 1 per 500 ms");
    // The default minimum gives way.
    builder().adaptive(it -> it.maximum(Limit.tokenBucket(1, Duration.ofHours(1)))).build().close();
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
  void nothingLeftThatIsNotToldAgainStartsNoPauseOfItsOwn() {
    answer(limiter, 200, "X-RateLimit-Limit: 600 # X-RateLimit-Remaining: 0");
    timer.advance(1_000);
    answer(limiter, 200, "X-RateLimit-Limit: 600");

    assertThat(limiter.tryAcquire()).isTrue();
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

  @Test
  void aRefusalThatSaysThatNothingIsLeftCountsAsAnother() {
    answer(limiter, 429, "X-RateLimit-Remaining: 0");
    assertThat(limiter.limit()).isEqualTo(bucket(1, 200, 10));
    timer.advance(2_000);

    answer(limiter, 429, "X-RateLimit-Remaining: 0");
    assertThat(limiter.limit()).isEqualTo(bucket(1, 400, 10));
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
  void callsUnderWayCountAsUsedUntilTheyAreAnswered() throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    var one = limiter.executeAsync(() -> first);
    var two = limiter.executeAsync(() -> new CompletableFuture<String>());
    limiter.execute(
        () -> {
          answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=12;t=60");
          return "";
        });

    // 12 less two others under way.
    assertThat(limiter.limit()).isEqualTo(bucket(3, 20_000, 1));
    first.complete("");
    assertThat(one).isCompleted();
    assertThat(two).isNotDone();
  }

  @Test
  void aCallIsNoLongerUnderWayWhenWhatDependsOnItRuns() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    var unused =
        limiter
            .executeAsync(() -> stage)
            .thenCompose(
                text ->
                    limiter.executeAsync(
                        () -> {
                          answer(
                              limiter,
                              200,
                              "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=10;t=60");
                          return CompletableFuture.completedFuture("");
                        }));

    stage.complete("");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 20_000, 1));
  }

  @Test
  void aCallThatDoesNotStartIsNotUnderWay() {
    CompletableFuture<String> failed =
        limiter.executeAsync(
            () -> {
              throw new IllegalStateException("no");
            });
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=10;t=60");

    assertThat(failed).isCompletedExceptionally();
    assertThat(limiter.limit()).isEqualTo(bucket(3, 20_000, 1));
  }

  @Test
  void whoWaitsMovesWithTheRate() {
    CompletableFuture<Void> first = fullyUsed().reserve(1, LONG);
    CompletableFuture<Void> hurried = limiter.reserve(1, Duration.ofMillis(300));
    assertThat(limiter.waiting()).isEqualTo(2);

    answer(limiter, 200, "RateLimit-Policy: \"p\";q=1;w=1");
    assertThatThrownBy(hurried::join).hasCauseInstanceOf(RateLimitWaitException.class);
    timer.advance(1_112);
    assertThat(first).isCompleted();
    assertThat(recorder.events).contains("limit 10 -> 9");
  }

  @Test
  void anUpdateStartsAnewAndEndsAPause() {
    answer(limiter, 429, "Retry-After: 3600");
    limiter.updateRateLimit(Limit.tokenBucket(5, SECOND));

    assertThat(limiter.limit()).isEqualTo(Limit.tokenBucket(5, SECOND));
    timer.advance(1_000);
    assertThat(limiter.availableTokens()).isPositive();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.updateRateLimit(Limit.fixedWindow(1, SECOND)));
  }

  @Test
  void aClockSetBackProlongsNoPause() {
    answer(limiter, 429, "Retry-After: 30");
    timer.advance(10_000);
    assertThat(limiter.tryAcquire()).isFalse();

    clock.advance(Duration.ofHours(-1));
    assertThat(limiter.tryAcquire()).isFalse();
    timer.advance(20_200);
    assertThat(limiter.tryAcquire()).isTrue();
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
  void closingEndsItAndAnAnswerThatComesLaterIsHeard() {
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=20;t=30");
    limiter.close();
    assertThat(timer.scheduled()).isZero();

    timer.close();
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=10;t=30");
    assertThatIllegalStateException().isThrownBy(limiter::tryAcquire);
  }

  @Test
  void anAnswerAfterTheEndSetsNoAlarm() {
    limiter.close();

    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=20;t=30");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 5_000, 2));
    assertThat(timer.scheduled()).isZero();
  }

  @Test
  void anAnswerIsFollowedThoughTheTimerFails() {
    AdaptiveRateLimiter untimed =
        builder()
            .timer(
                (task, delay) -> {
                  throw new IllegalStateException("no timer");
                })
            .build();

    answer(untimed, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=20;t=30");
    assertThat(untimed.limit()).isEqualTo(bucket(3, 5_000, 2));
  }

  @Test
  void aCallWithoutAStageIsNotUnderWay() {
    for (int i = 0; i < 3; i++) {
      assertThat(limiter.<String>executeAsync(AdaptiveRateLimiterTest::nothing))
          .isCompletedExceptionally();
    }

    answer(
        limiter, 200, "X-RateLimit-Limit: 100 # X-RateLimit-Remaining: 9 # X-RateLimit-Reset: 60");
    assertThat(limiter.limit()).isEqualTo(bucket(27, 200_000, 1));
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // What callers may do wrong.
  private static <T> CompletableFuture<T> nothing() {
    return (CompletableFuture<T>) null;
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
        .withMessage("longest is PT8808H; it must be from 1 ms to 366 days");
    assertThatIllegalArgumentException().isThrownBy(() -> settings.firstPause(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.minimum(Limit.fixedWindow(1, SECOND)));
  }

  private AdaptiveRateLimiter fullyUsed() {
    limiter.acquire(10);
    return limiter;
  }

  private static void answer(AdaptiveRateLimiter limiter, int status, String headers) {
    answer(limiter, status, headers(headers));
  }

  private static void answer(AdaptiveRateLimiter limiter, int status, Map<String, String> headers) {
    List<String> names = new ArrayList<>(headers.keySet());
    limiter.onAnswer(
        status,
        name -> names.stream().filter(it -> it.equalsIgnoreCase(name)).map(headers::get).toList());
  }

  private static Map<String, String> headers(String text) {
    Map<String, String> headers = new HashMap<>();
    for (String line : text.split(" # ", -1)) {
      String[] both = line.split(": ", 2);
      headers.put(both[0], both[1]);
    }
    return headers;
  }

  private static Limit bucket(long requests, long periodMillis, long burst) {
    return new Limit(INITIAL.algorithm(), requests, periodMillis, burst);
  }
}
