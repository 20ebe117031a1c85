package io.weir.limiter.algorithm;

import io.weir.limiter.tck.ExactLimit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** The built-in algorithms, each with its oracle and the limits that it can have. */
@SuppressWarnings("ImmutableEnumChecker") // algorithms are stateless
public enum Kind {
  FIXED_WINDOW(new FixedWindow()),
  TOKEN_BUCKET(new TokenBucket()),
  LEAKY_BUCKET(new LeakyBucket()),
  SLIDING_WINDOW_LOG(new SlidingWindowLog()),
  SLIDING_WINDOW_COUNTER(new SlidingWindowCounter());

  private static final long MAX_PERIOD = Limit.MAX_PERIOD_MILLIS;

  private final Algorithm<?> algorithm;

  Kind(Algorithm<?> algorithm) {
    this.algorithm = algorithm;
  }

  ExactLimit oracle(Limit limit) {
    return ExactLimit.of(limit);
  }

  Limit limit(long requests, long periodMillis, long burst) {
    return new Limit(
        algorithm, requests, periodMillis, algorithm.supportsBurst() ? burst : requests);
  }

  /** Small numbers that collide often, ordinary ones, and those at the edge of what is accepted. */
  public Arbitrary<Limit> limits() {
    Arbitrary<Limit> small = limits(0, 12, 1, 60, 12);
    Arbitrary<Limit> ordinary = limits(1, 5_000, 1_000, 86_400_000, 10_000);
    return Arbitraries.frequencyOf(
        Tuple.of(5, small), Tuple.of(3, ordinary), Tuple.of(2, extremeLimits()));
  }

  private Arbitrary<Limit> limits(
      long minRequests, long maxRequests, long minPeriod, long maxPeriod, long maxBurst) {
    return Combinators.combine(
            Arbitraries.longs().between(minRequests, maxRequests),
            Arbitraries.longs().between(minPeriod, maxPeriod),
            Arbitraries.longs().between(1, maxBurst))
        .as(this::limit);
  }

  /** The largest requests or burst that the algorithm accepts for a period, or nearly so. */
  Arbitrary<Limit> extremeLimits() {
    Arbitrary<Long> spare = Arbitraries.longs().between(0, 3);
    Arbitrary<Long> periods = Arbitraries.longs().between(1, MAX_PERIOD);
    return switch (this) {
      case FIXED_WINDOW ->
          Combinators.combine(periods, spare)
              .as((period, less) -> limit(Long.MAX_VALUE - less, period, 1));
      case TOKEN_BUCKET, LEAKY_BUCKET ->
          Combinators.combine(Arbitraries.longs().between(1, Long.MAX_VALUE), periods, spare)
              .as(
                  (requests, period, less) -> {
                    long unitsPerToken = limit(requests, period, 1).unitsPerToken();
                    return limit(requests, period, Exact.MAX_SCALED / unitsPerToken - less);
                  });
      case SLIDING_WINDOW_LOG ->
          Combinators.combine(
                  Arbitraries.longs().between(1, SlidingWindowLog.DEFAULT_MAX_ENTRIES), spare)
              .as((period, less) -> limit(Long.MAX_VALUE - less, period, 1));
      case SLIDING_WINDOW_COUNTER ->
          Combinators.combine(periods, spare)
              .as((period, less) -> limit(Exact.MAX_SCALED / period - less, period, 1));
    };
  }
}
