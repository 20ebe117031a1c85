package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.http.RateLimitAnswer;
import io.weir.limiter.http.ToldLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class AdaptiveRateLimiterProperties extends OutboundKit {
  @Property(tries = 500)
  void aServerOfFixedWindowsHasNothingToRefuseToItsOnlyCaller(
      @ForAll @LongRange(min = 1, max = 300) long quota,
      @ForAll @LongRange(min = 1, max = 60) long windowSeconds,
      @ForAll @IntRange(min = 1, max = 1_000) int permille,
      @ForAll @LongRange(min = 1, max = 1_000) long initial,
      @ForAll @LongRange(min = 0, max = 60_000) long phaseMillis,
      @ForAll boolean tellsWindow) {
    timer.advance(phaseMillis);
    long windowMillis = windowSeconds * 1_000;
    try (AdaptiveRateLimiter limiter =
        AdaptiveRateLimiter.builder(Limit.tokenBucket(initial, Duration.ofSeconds(1)))
            .clock(clock)
            .timer(timer)
            .adaptive(it -> it.safety(permille / 1_000.0))
            .build()) {
      long window = -1;
      long used = 0;
      for (int calls = 0; calls < 400; calls++) {
        Duration wait = limiter.acquire(1);
        if (!wait.isZero()) {
          timer.advance(wait.toMillis());
          continue;
        }
        if (clock.millis() / windowMillis != window) {
          window = clock.millis() / windowMillis;
          used = 0;
        }
        used++;
        assertThat(used).isLessThanOrEqualTo(quota);
        long leftMillis = (window + 1) * windowMillis - clock.millis();
        Map<String, String> headers =
            tellsWindow
                ? Map.of(
                    "RateLimit-Policy",
                    "\"p\";q=" + quota + ";w=" + windowSeconds,
                    "RateLimit",
                    "\"p\";r=" + (quota - used) + ";t=" + (leftMillis + 999) / 1_000)
                : Map.of(
                    "X-RateLimit-Limit", Long.toString(quota),
                    "X-RateLimit-Remaining", Long.toString(quota - used),
                    "X-RateLimit-Reset", Long.toString((leftMillis + 999) / 1_000));
        limiter.onAnswer(
            200, name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of());
      }
    }
  }

  @Property(tries = 2_000)
  void whateverTheServerSaysThereIsALimitAndNobodyWaitsForEver(
      @ForAll("answers") @Size(max = 30) List<RateLimitAnswer> answers,
      @ForAll @Size(min = 30, max = 30) List<@LongRange(min = 0, max = 100_000) Long> pauses,
      @ForAll @LongRange(min = 1, max = Long.MAX_VALUE) long requests,
      @ForAll @LongRange(min = 1, max = 1_000_000) long burst) {
    Limit initial = new Limit(new TokenBucket(), requests, 1_000, burst);
    try (AdaptiveRateLimiter limiter =
        AdaptiveRateLimiter.builder(initial)
            .clock(clock)
            .timer(timer)
            .adaptive(it -> it.minimum(Limit.tokenBucket(1, Duration.ofHours(1))))
            .build()) {
      for (int i = 0; i < answers.size(); i++) {
        limiter.onAnswer(answers.get(i));
        timer.advance(pauses.get(i));
        assertThat(limiter.limit().requests()).isPositive();
        assertThat(limiter.limit().burst()).isPositive();
        assertThat(limiter.acquire(1)).isLessThanOrEqualTo(Duration.ofHours(26));
      }
    }
  }

  @Provide
  Arbitrary<List<RateLimitAnswer>> answers() {
    Arbitrary<OptionalLong> count = optional(0, 1_000_000_000_000L);
    Arbitrary<OptionalLong> above = optional(1, 1_000_000_000_000L);
    Arbitrary<OptionalLong> millis = optional(0, Duration.ofDays(1).toMillis());
    Arbitrary<OptionalLong> window = optional(1, Duration.ofDays(366).toMillis());
    Arbitrary<ToldLimit> told =
        Combinators.combine(Arbitraries.of("", "a", "b"), above, window, above, count, millis)
            .as(ToldLimit::new);
    return Combinators.combine(Arbitraries.of(200, 429, 503, 403), told.list().ofMaxSize(3), millis)
        .as(RateLimitAnswer::new)
        .list();
  }

  private static Arbitrary<OptionalLong> optional(long least, long most) {
    return Arbitraries.oneOf(
        Arbitraries.just(OptionalLong.empty()),
        Arbitraries.longs().between(least, most).map(OptionalLong::of));
  }
}
