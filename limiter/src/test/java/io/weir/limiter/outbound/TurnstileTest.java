package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TurnstileTest extends OutboundKit {
  private static final Limit TWO = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(2);

  private final OutboundContext context =
      prepared(TokenBucketRateLimiter.builder(TWO)).name("api").context();
  private final TokenBucketRateLimiter limiter = new TokenBucketRateLimiter(context, TWO);
  private final ConcurrencyGate gate = new ConcurrencyGate(context, 2);
  private final Turnstile turnstile =
      new Turnstile(context, Optional.of(gate), Optional.of(limiter));

  @Test
  void aPermitThatIsClosedTwiceGivesItsPlaceBackOnce() {
    Turnstile.Permit first = turnstile.enter(1, LONG).join();
    assertThat(turnstile.enter(1, LONG)).isCompleted();
    assertThat(turnstile.underWay()).isEqualTo(2);

    first.close();
    first.close();
    assertThat(turnstile.underWay()).isEqualTo(1);
  }

  @Test
  void whoComesAfterTheEndIsRefusedAndTakesNothing() {
    turnstile.close();

    assertThatThrownBy(turnstile.enter(1, LONG)::join)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'api' is closed");
    assertThat(recorder.events).containsExactly("rejected 1: IllegalStateException");
    assertThat(turnstile.underWay()).isZero();
    assertThat(limiter.availableTokens()).isEqualTo(2);
  }

  @Test
  void aPlaceThatIsFreePastTheDeadlineThoughTheTimerDidNotRingYetGoesToTheNextOne() {
    Turnstile.Permit first = turnstile.enter(1, LONG).join();
    Turnstile.Permit second = turnstile.enter(1, LONG).join();
    CompletableFuture<Turnstile.Permit> late = turnstile.enter(1, Duration.ofSeconds(1));
    CompletableFuture<Turnstile.Permit> next = turnstile.enter(1, LONG);

    clock.advance(Duration.ofMillis(1_001));
    first.close();
    assertThat(late).isCompletedExceptionally();
    assertThatThrownBy(late::join).hasCauseInstanceOf(RateLimitWaitException.class);
    assertThat(recorder.events).contains("rejected 1: RateLimitWaitException");
    assertThat(next).isCompleted();
    second.close();
    assertThat(turnstile.underWay()).isEqualTo(1);
  }

  @Test
  void whoIsCancelledGivesItsTokensBackBeforeItsPlaceGoesToTheNextOne() {
    Turnstile narrow =
        new Turnstile(context, Optional.of(new ConcurrencyGate(context, 1)), Optional.of(limiter));
    limiter.updateRateLimit(Limit.tokenBucket(1, Duration.ofSeconds(1)).withBurst(1));
    Turnstile.Permit running = narrow.enter(1, LONG).join();
    CompletableFuture<Turnstile.Permit> first = narrow.enter(1, LONG);
    CompletableFuture<Turnstile.Permit> second = narrow.enter(1, Duration.ofMillis(1_500));
    running.close();

    first.cancel(false);
    assertThat(second).isNotDone();
    timer.advance(999);
    assertThat(second).isNotDone();
    timer.advance(1);
    assertThat(second).isCompleted();
  }
}
