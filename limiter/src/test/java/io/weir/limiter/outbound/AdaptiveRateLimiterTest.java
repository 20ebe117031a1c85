package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AdaptiveRateLimiterTest extends AdaptiveKit {
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
  void aCallThatEndedOnItsCallersThreadIsNotUnderWay() throws Exception {
    assertThat(limiter.execute(() -> "a")).isEqualTo("a");
    assertThat(limiter.execute(() -> "b", 2, LONG)).isEqualTo("b");

    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=10;t=60");
    assertThat(limiter.limit()).isEqualTo(bucket(3, 20_000, 1));
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=9;t=60");
    assertThat(limiter.limit()).isEqualTo(bucket(27, 200_000, 1));
  }

  @Test
  void anUpdateForgetsTheResetThatWasToCome() {
    answer(limiter, 200, "RateLimit-Policy: \"p\";q=100;w=60 # RateLimit: \"p\";r=20;t=30");
    assertThat(timer.scheduled()).isEqualTo(1);

    limiter.updateRateLimit(INITIAL);
    assertThat(timer.scheduled()).isZero();
  }

  @Test
  void theEndIsTold() {
    List<String> closed = new ArrayList<>();
    AdaptiveRateLimiter told =
        builder()
            .listener(
                new OutboundListener() {
                  @Override
                  public void onClosed(String name) {
                    closed.add(name);
                  }
                })
            .build();

    told.close();
    assertThat(closed).containsExactly("api");
  }
}
