package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.Optional;
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
}
