package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TokenBucketRateLimiterProperties {

  private record Start(long atMillis, long tokens) {}

  @Property(tries = 2_000)
  void inNoSpanMoreStartsThanTheBucketAdmitsWhateverHappens(
      @ForAll @LongRange(min = 1, max = 50) long requests,
      @ForAll @LongRange(min = 1, max = 1_000) long periodMillis,
      @ForAll @LongRange(min = 1, max = 6) long burst,
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 6) Integer> kinds,
      @ForAll @Size(min = 60, max = 60) List<@LongRange(min = 0, max = 400) Long> numbers) {
    Limit limit = new Limit(new TokenBucket(), requests, periodMillis, burst);
    FakeClock clock = new FakeClock(1_000_000);
    FakeTimer timer = new FakeTimer(clock);
    List<Start> starts = new ArrayList<>();
    List<CompletableFuture<Void>> turns = new ArrayList<>();
    long[] elapsed = new long[1];
    try (TokenBucketRateLimiter limiter =
        TokenBucketRateLimiter.builder(limit)
            .clock(clock)
            .timer(timer)
            .listener(
                new OutboundListener() {
                  @Override
                  public void onAcquired(String name, long tokens, Duration waited) {
                    starts.add(new Start(clock.millis(), tokens));
                  }
                })
            .build()) {
      for (int i = 0; i < kinds.size(); i++) {
        long number = numbers.get(i);
        switch (kinds.get(i)) {
          case 0, 1 -> turns.add(limiter.reserve(1 + number % burst, Duration.ofDays(1)));
          case 2 -> limiter.acquire(1 + number % burst);
          case 3 -> timer.advance(number);
          case 4 -> clock.advance(Duration.ofMillis(number));
          case 5 -> {
            if (!turns.isEmpty()) {
              turns.get((int) (number % turns.size())).cancel(false);
            }
          }
          default -> elapsed[0] += limiter.availableTokens();
        }
      }
      timer.advance(10_000_000);
      assertThat(limiter.waiting()).isZero();
      assertThat(turns).allMatch(CompletableFuture::isDone);
    }

    for (int from = 0; from < starts.size(); from++) {
      long tokens = 0;
      for (Start start : starts.subList(from, starts.size())) {
        tokens += start.tokens();
        long spanMillis = start.atMillis() - starts.get(from).atMillis();
        assertThat((tokens - burst) * periodMillis)
            .isLessThanOrEqualTo(requests * (spanMillis + 1));
      }
    }
  }

  @Property(tries = 1_000)
  void whoWaitsAsLongAsItIsToldGetsWhatItWants(
      @ForAll @LongRange(min = 1, max = 5_000) long requests,
      @ForAll @LongRange(min = 1, max = 10_000) long periodMillis,
      @ForAll @LongRange(min = 1, max = 20) long burst,
      @ForAll @Size(max = 20) List<@LongRange(min = 0, max = 19) Long> ahead,
      @ForAll @LongRange(min = 0, max = 19) long wanted) {
    FakeClock clock = new FakeClock(1_000_000);
    FakeTimer timer = new FakeTimer(clock);
    try (TokenBucketRateLimiter limiter =
        TokenBucketRateLimiter.builder(new Limit(new TokenBucket(), requests, periodMillis, burst))
            .clock(clock)
            .timer(timer)
            .build()) {
      List<CompletableFuture<Void>> turns = new ArrayList<>();
      for (long tokens : ahead) {
        turns.add(limiter.reserve(1 + tokens % burst, Duration.ofDays(1)));
      }
      long tokens = 1 + wanted % burst;
      Duration wait = limiter.acquire(tokens);
      if (!wait.isZero()) {
        timer.advance(wait.toMillis() - 1);
        assertThat(limiter.acquire(tokens)).isEqualTo(Duration.ofMillis(1));
        timer.advance(1);
        assertThat(limiter.acquire(tokens)).isZero();
      }
      assertThat(turns).allMatch(CompletableFuture::isDone);
    }
  }
}
