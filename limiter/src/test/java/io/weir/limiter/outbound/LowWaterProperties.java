package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Meter;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.tck.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class LowWaterProperties {
  private record Taken(long atMillis, long tokens, LowWater.Mark mark) {}

  /** A bucket from which only these took something. */
  private static long missing(Limit limit, List<Taken> takings, long nowMillis) {
    long level = 0;
    long since = 0;
    for (Taken taken : takings) {
      level = Meter.level(limit, level, since, taken.atMillis());
      assertThat(Meter.excess(limit, level, taken.tokens())).isLessThanOrEqualTo(0);
      level = Meter.raised(limit, level, taken.tokens());
      since = taken.atMillis();
    }
    return Meter.level(limit, level, since, nowMillis);
  }

  @Property(tries = 3_000)
  void whoGaveBackMightAsWellNeverHaveCome(
      @ForAll @LongRange(min = 1, max = 50) long requests,
      @ForAll @LongRange(min = 1, max = 1_000) long periodMillis,
      @ForAll @LongRange(min = 1, max = 8) long burst,
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 4) Integer> kinds,
      @ForAll @Size(min = 60, max = 60) List<@LongRange(min = 0, max = 300) Long> numbers) {
    Limit limit = new Limit(new TokenBucket(), requests, periodMillis, burst);
    Bucket bucket = new Bucket(limit);
    List<Taken> kept = new ArrayList<>();
    List<Taken> open = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < kinds.size(); i++) {
      long number = numbers.get(i);
      switch (kinds.get(i)) {
        case 0, 1 -> {
          long tokens = 1 + number % burst;
          if (bucket.waitMillis(now, tokens) == 0) {
            bucket.take(now, tokens);
            Taken taken = new Taken(now, tokens, Objects.requireNonNull(bucket.mark(tokens)));
            kept.add(taken);
            open.add(taken);
          }
        }
        case 2 -> now += number;
        case 3 -> {
          if (!open.isEmpty()) {
            Taken taken = open.remove((int) (number % open.size()));
            bucket.giveBack(now, taken.mark());
            kept.remove(taken);
          }
        }
        default -> {
          if (!open.isEmpty()) {
            bucket.keep(open.remove((int) (number % open.size())).mark());
          }
        }
      }
      long missing = missing(limit, kept, now);
      assertThat(bucket.available(now)).isEqualTo(Meter.remaining(limit, missing));
    }
  }

  private record Start(long atMillis, Turn turn) {}

  @Property(tries = 2_000)
  void inNoSpanMoreStartsThanTheBucketAdmitsWhoeverGivesBack(
      @ForAll @LongRange(min = 1, max = 50) long requests,
      @ForAll @LongRange(min = 1, max = 1_000) long periodMillis,
      @ForAll @LongRange(min = 1, max = 6) long burst,
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 6) Integer> kinds,
      @ForAll @Size(min = 60, max = 60) List<@LongRange(min = 0, max = 400) Long> numbers) {
    Limit limit = new Limit(new TokenBucket(), requests, periodMillis, burst);
    FakeClock clock = new FakeClock(1_000_000);
    FakeTimer timer = new FakeTimer(clock);
    List<Start> starts = new ArrayList<>();
    List<Turn> turns = new ArrayList<>();
    try (TokenBucketRateLimiter limiter =
        TokenBucketRateLimiter.builder(limit).clock(clock).timer(timer).build()) {
      TurnQueue queue = limiter.queue();
      for (int i = 0; i < kinds.size(); i++) {
        long number = numbers.get(i);
        switch (kinds.get(i)) {
          case 0, 1 -> {
            Turn turn = queue.enter(1 + number % burst, Duration.ofDays(1));
            turns.add(turn);
            var unused = turn.thenRun(() -> starts.add(new Start(clock.millis(), turn)));
          }
          case 2 -> timer.advance(number);
          case 3 -> clock.advance(Duration.ofMillis(number));
          case 4 -> of(turns, number).forEach(queue::keep);
          case 5 ->
              of(turns, number)
                  .forEach(
                      turn -> {
                        if (turn.mark != null) {
                          queue.giveBack(turn);
                          starts.removeIf(start -> start.turn() == turn);
                        }
                      });
          default -> of(turns, number).forEach(turn -> turn.cancel(false));
        }
      }
      timer.advance(10_000_000);
      assertThat(turns).allMatch(CompletableFuture::isDone);
    }

    for (int from = 0; from < starts.size(); from++) {
      long tokens = 0;
      for (Start start : starts.subList(from, starts.size())) {
        tokens += start.turn().tokens;
        long spanMillis = start.atMillis() - starts.get(from).atMillis();
        assertThat((tokens - burst) * periodMillis)
            .isLessThanOrEqualTo(requests * (spanMillis + 1));
      }
    }
  }

  private static List<Turn> of(List<Turn> turns, long number) {
    return turns.isEmpty() ? List.of() : List.of(turns.get((int) (number % turns.size())));
  }
}
