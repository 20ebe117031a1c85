package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TokenBucketRateLimiterTest extends TokenBucketKit {
  @Test
  void startsFull() {
    assertThat(limiter.availableTokens()).isEqualTo(5);
    assertThat(limiter.waiting()).isZero();
    assertThat(limiter.limit()).isEqualTo(TEN);
    assertThat(limiter.name()).isEqualTo("api");
  }

  @Test
  void acquireTakesTokensAndReturnsZero() {
    assertThat(limiter.acquire(2)).isZero();
    assertThat(limiter.acquire(3)).isZero();

    assertThat(limiter.availableTokens()).isZero();
    assertThat(recorder.events).containsExactly("acquired 2 after 0", "acquired 3 after 0");
  }

  @Test
  void acquireTakesNothingAndReturnsTheWaitWhenThereAreTooFew() {
    limiter.acquire(4);

    assertThat(limiter.acquire(3)).hasMillis(200);
    assertThat(limiter.availableTokens()).isEqualTo(1);
  }

  @Test
  void whoOnlyAsksIsNotToldToWait() {
    limiter.acquire(4);

    assertThat(limiter.acquire(3)).hasMillis(200);
    assertThat(limiter.tryAcquire(3)).isFalse();
    assertThat(recorder.events).containsExactly("acquired 4 after 0");
  }

  @Test
  void waitingExactlyAsLongAsToldIsEnoughAndAMillisecondLessIsNot() {
    TokenBucketRateLimiter thirds =
        builder(Limit.tokenBucket(3, Duration.ofSeconds(1)).withBurst(1)).build();
    thirds.acquire(1);

    assertThat(thirds.acquire(1)).hasMillis(334);
    timer.advance(333);
    assertThat(thirds.tryAcquire()).isFalse();
    timer.advance(1);
    assertThat(thirds.tryAcquire()).isTrue();
  }

  @Test
  void refillsWithTimeUpToTheBurst() {
    limiter.acquire(5);

    timer.advance(99);
    assertThat(limiter.availableTokens()).isZero();
    timer.advance(1);
    assertThat(limiter.availableTokens()).isEqualTo(1);
    timer.advance(350);
    assertThat(limiter.availableTokens()).isEqualTo(4);
    timer.advance(60_000);
    assertThat(limiter.availableTokens()).isEqualTo(5);
  }

  @Test
  void tryAcquireTakesOneOrManyOrNothing() {
    assertThat(limiter.tryAcquire()).isTrue();
    assertThat(limiter.tryAcquire(5)).isFalse();
    assertThat(limiter.tryAcquire(4)).isTrue();
    assertThat(limiter.tryAcquire()).isFalse();
  }

  @Test
  void tokensThatCouldNeverBeHadAreAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.acquire(6))
        .withMessage("tokens is 6; it must be at most 5, the burst of 'api'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.acquire(0))
        .withMessage("tokens is 0; it must be 1 or more");
    assertThatIllegalArgumentException().isThrownBy(() -> limiter.execute(() -> 1, 6, LONG));
    assertThatIllegalArgumentException().isThrownBy(() -> executeAsync("a", 6));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.execute(() -> 1, 1, Duration.ofMillis(-1)))
        .withMessage("deadline is -1 ms; it must be 0 or more");
  }

  @Test
  void onlyTokenBucketsThatAdmitSomethingCanBeWaitedFor() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(Limit.fixedWindow(1, LONG)).build())
        .withMessageContaining("it must be one of Limit.tokenBucket");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiter.updateRateLimit(new Limit(TEN.algorithm(), 0, 1_000, 5)))
        .withMessageContaining("it must admit something");
  }

  @Test
  void executeRunsAtOnceWhereThereAreTokens() throws Exception {
    assertThat(limiter.execute(() -> "answer")).isEqualTo("answer");

    assertThat(limiter.availableTokens()).isEqualTo(4);
    assertThat(timer.scheduled()).isZero();
  }

  @Test
  void executeThrowsWhatTheCallThrowsAndItsTokensAreSpent() {
    assertThatThrownBy(
            () ->
                limiter.execute(
                    () -> {
                      throw new IOException("no route");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(limiter.availableTokens()).isEqualTo(4);
  }

  @Test
  void executeAsyncStartsAtOnceWhereThereAreTokens() {
    assertThat(executeAsync("a", 1)).isCompletedWithValue("a");
    assertThat(started).containsExactly("a");
  }

  @Test
  void anAsyncCallCompletesWithWhatItsStageDoes() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    CompletableFuture<String> failing = limiter.executeAsync(() -> stage);
    CompletableFuture<String> throwing =
        limiter.executeAsync(
            () -> {
              throw new IllegalStateException("no");
            });

    assertThat(failing).isNotDone();
    stage.completeExceptionally(new IOException("no route"));
    assertThat(failing).failsWithin(Duration.ZERO).withThrowableOfType(Exception.class);
    assertThatThrownBy(failing::join).hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(throwing::join).hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aClockSetBackNeitherGrantsNorTakesAndRefillGoesOn() {
    limiter.acquire(4);

    clock.advance(Duration.ofHours(-1));
    assertThat(limiter.availableTokens()).isEqualTo(1);
    timer.advance(100);
    assertThat(limiter.availableTokens()).isEqualTo(2);
    clock.set(-5_000);
    assertThat(limiter.availableTokens()).isEqualTo(2);
  }

  @Test
  void withoutAClockAndATimerItRunsByThoseOfTheSystem() throws Exception {
    try (TokenBucketRateLimiter real =
        TokenBucketRateLimiter.of(Limit.tokenBucket(1_000, Duration.ofSeconds(1)).withBurst(1))) {
      real.acquire(1);
      assertThat(real.execute(() -> "a")).isEqualTo("a");
      assertThat(real.executeAsync(() -> CompletableFuture.completedFuture("b")).get())
          .isEqualTo("b");
    }
  }

  @Test
  void aCallThatIsNotThereIsRefusedAtOnceAndTakesNothing() {
    limiter.acquire(5);

    assertThatThrownBy(() -> limiter.execute(noCall())).hasMessage("call");
    assertThatThrownBy(() -> limiter.executeAsync(noStage())).hasMessage("call");
    assertThat(limiter.waiting()).isZero();
    AdaptiveRateLimiter adaptive = AdaptiveRateLimiter.builder(TEN).clock(clock).build();
    assertThatThrownBy(() -> adaptive.execute(noCall())).hasMessage("call");
    assertThatThrownBy(() -> adaptive.executeAsync(noStage())).hasMessage("call");
    EndpointRateLimiter endpoints = EndpointRateLimiter.builder(TEN).clock(clock).build();
    assertThatThrownBy(() -> endpoints.execute("/a", noCall())).hasMessage("call");
    assertThatThrownBy(() -> endpoints.executeAsync("/a", noStage())).hasMessage("call");
    assertThat(endpoints.availableTokens("/a")).isEqualTo(5);
    adaptive.close();
    endpoints.close();
  }

  @SuppressWarnings("NullAway") // as callers without such checks give it
  private static Callable<String> noCall() {
    return null;
  }

  @SuppressWarnings("NullAway") // the same
  private static Supplier<CompletionStage<String>> noStage() {
    return null;
  }

  @Test
  void aNameThatNobodyCanReadIsRefused() {
    for (String name : List.of("", " ", "a\nb", "a\u0000")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TokenBucketRateLimiter.builder(TEN).name(name))
          .withMessageEndingWith("it must be a word or more in one line, such as github")
          .withMessageNotContaining("\n");
    }
    assertThat(TokenBucketRateLimiter.builder(TEN).name("a b")).isNotNull();
  }

  @Test
  void theEndIsToldOnce() {
    List<String> told = new ArrayList<>();
    TokenBucketRateLimiter closed =
        builder(TEN)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onClosed(String name) {
                    told.add("closed " + name);
                  }
                })
            .build();

    closed.close();
    closed.close();

    assertThat(told).containsExactly("closed api");
  }
}
