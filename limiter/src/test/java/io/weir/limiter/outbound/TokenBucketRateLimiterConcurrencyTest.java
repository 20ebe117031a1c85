package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketRateLimiterConcurrencyTest {
  private static final int THREADS = 4;
  private static final int CALLS = 2_000;

  @Test
  void manyThreadsThatReserveAndCancelLoseNothingAndGetNoMoreThanTheLimit() {
    FakeClock clock = new FakeClock(0);
    FakeTimer timer = new FakeTimer(clock);
    AtomicLong acquired = new AtomicLong();
    Limit limit = Limit.tokenBucket(100, Duration.ofSeconds(1)).withBurst(10);
    try (TokenBucketRateLimiter limiter =
        TokenBucketRateLimiter.builder(limit)
            .clock(clock)
            .timer(timer)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    acquired.addAndGet(tokens);
                  }
                })
            .build()) {
      List<CompletableFuture<Long>> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        threads.add(CompletableFuture.supplyAsync(() -> reserveAndCancel(limiter)));
      }
      while (!threads.stream().allMatch(CompletableFuture::isDone)) {
        timer.advance(1);
        assertThat(acquired.get()).isLessThanOrEqualTo(10 + (clock.millis() + 1) / 10);
      }
      timer.advance(10_000_000);

      assertThat(limiter.waiting()).isZero();
      assertThat(limiter.availableTokens()).isEqualTo(10);
      assertThat(timer.scheduled()).isZero();
      // Who was cancelled just after its turn came had its tokens.
      assertThat(acquired.get())
          .isBetween(
              threads.stream().mapToLong(CompletableFuture::join).sum(), (long) THREADS * CALLS);
    }
  }

  /** Every second one is cancelled; how many are not. */
  private static long reserveAndCancel(TokenBucketRateLimiter limiter) {
    long kept = 0;
    for (int i = 0; i < CALLS; i++) {
      CompletableFuture<Void> turn = limiter.reserve(1, Duration.ofDays(1));
      if (i % 2 == 0) {
        kept++;
      } else {
        turn.cancel(false);
      }
    }
    return kept;
  }
}
