package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a server wants no calls: refusals, and limits of which nothing is left. */
class AdaptivePauseTest extends AdaptiveKit {
  @Test
  void whereNothingIsLeftCallsWaitForTheReset() {
    answer(
        limiter, 200, "X-RateLimit-Limit: 100 # X-RateLimit-Remaining: 0 # X-RateLimit-Reset: 60");

    assertThat(limiter.acquire(1)).hasMillis(60_000);
    CompletableFuture<Void> turn = limiter.reserve(1, LONG);
    assertThat(recorder.events).last().isEqualTo("waits for SERVER 60000 behind 0");
    turn.cancel(false);
    assertThat(limiter.limit()).isEqualTo(bucket(3, 2_000, 10));
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
  void nothingLeftThatIsNotToldAgainStartsNoPauseOfItsOwn() {
    answer(limiter, 200, "X-RateLimit-Limit: 600 # X-RateLimit-Remaining: 0");
    timer.advance(1_000);
    answer(limiter, 200, "X-RateLimit-Limit: 600");

    assertThat(limiter.tryAcquire()).isTrue();
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
  void aClockSetBackProlongsNoPause() {
    answer(limiter, 429, "Retry-After: 30");
    timer.advance(10_000);
    assertThat(limiter.tryAcquire()).isFalse();

    clock.advance(Duration.ofHours(-1));
    assertThat(limiter.tryAcquire()).isFalse();
    timer.advance(20_200);
    assertThat(limiter.tryAcquire()).isTrue();
  }
}
