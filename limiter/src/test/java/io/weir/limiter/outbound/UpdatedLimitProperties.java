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

/** What holds however often the limit changes. */
class UpdatedLimitProperties {

  @Property(tries = 2_000)
  void whoeverStartsDoesSoInTimeAndInOrder(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 6) Integer> kinds,
      @ForAll @Size(min = 60, max = 60) List<@LongRange(min = 0, max = 3_000) Long> numbers) {
    FakeClock clock = new FakeClock(1_000_000);
    FakeTimer timer = new FakeTimer(clock);
    List<CompletableFuture<Void>> turns = new ArrayList<>();
    List<Integer> started = new ArrayList<>();
    List<Long> lateMillis = new ArrayList<>();
    try (TokenBucketRateLimiter limiter =
        TokenBucketRateLimiter.builder(limit(7)).clock(clock).timer(timer).build()) {
      for (int i = 0; i < kinds.size(); i++) {
        long number = numbers.get(i);
        switch (kinds.get(i)) {
          case 0, 1, 2 -> {
            long deadlineMillis = clock.millis() + number;
            long tokens = 1 + number % limiter.limit().burst();
            int place = turns.size();
            CompletableFuture<Void> turn = limiter.reserve(tokens, Duration.ofMillis(number));
            turns.add(turn);
            var unused =
                turn.thenRun(
                    () -> {
                      started.add(place);
                      lateMillis.add(clock.millis() - deadlineMillis);
                    });
          }
          case 3 -> timer.advance(number / 30);
          case 4 -> {
            if (!turns.isEmpty()) {
              turns.get((int) (number % turns.size())).cancel(false);
            }
          }
          default -> limiter.updateRateLimit(limit(number));
        }
      }
      timer.advance(10_000_000);
      assertThat(limiter.waiting()).isZero();
    }
    assertThat(turns).allMatch(CompletableFuture::isDone);
    assertThat(started).isSorted();
    assertThat(lateMillis).allMatch(late -> late <= 0);
  }

  @Property(tries = 2_000)
  void noSequenceOfUpdatesGivesMoreThanTheMostGenerousLimitsWould(
      @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 4) Integer> kinds,
      @ForAll @Size(min = 80, max = 80) List<@LongRange(min = 0, max = 400) Long> numbers,
      @ForAll @LongRange(min = 1, max = 40) long mostBurst) {
    long periodMillis = 100;
    FakeClock clock = new FakeClock(1_000_000);
    FakeTimer timer = new FakeTimer(clock);
    List<long[]> starts = new ArrayList<>();
    OutboundListener listener =
        new OutboundListener() {
          @Override
          public void onAcquired(String name, long tokens, Duration waited) {
            starts.add(new long[] {clock.millis(), tokens});
          }
        };
    try (TokenBucketRateLimiter limiter =
        TokenBucketRateLimiter.builder(new Limit(new TokenBucket(), 1, periodMillis, mostBurst))
            .clock(clock)
            .timer(timer)
            .listener(listener)
            .build()) {
      for (int i = 0; i < kinds.size(); i++) {
        long number = numbers.get(i);
        switch (kinds.get(i)) {
          case 0 -> limiter.acquire(1 + number % limiter.limit().burst());
          case 1 -> {
            var unused =
                limiter.reserve(1 + number % limiter.limit().burst(), Duration.ofSeconds(1));
          }
          case 2 -> timer.advance(number);
          default ->
              limiter.updateRateLimit(
                  new Limit(
                      new TokenBucket(), 1, periodMillis + number % 3, 1 + number % mostBurst));
        }
      }
      timer.advance(10_000);
    }

    for (int from = 0; from < starts.size(); from++) {
      long tokens = 0;
      for (long[] start : starts.subList(from, starts.size())) {
        tokens += start[1];
        long spanMillis = start[0] - starts.get(from)[0];
        assertThat((tokens - mostBurst) * periodMillis).isLessThanOrEqualTo(spanMillis + 1);
      }
    }
  }

  /** Some limit or other, of 1 to 20 in 50 to 1,050 ms and a burst of 1 to 6. */
  private static Limit limit(long number) {
    return new Limit(
        new TokenBucket(), 1 + number % 20, 50 + number * 7 % 1_001, 1 + number * 5 % 6);
  }
}
