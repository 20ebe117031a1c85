package io.weir.limiter;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Small limits of every algorithm, and requests that collide with them often. */
final class Steps {
  private Steps() {}

  /** One request, so long after the one before it. */
  record Step(long advanceMillis, long cost) {}

  static Arbitrary<Limit> limits() {
    return Combinators.combine(
            Arbitraries.of(Algorithms.standard().names())
                .map(name -> Algorithms.standard().find(name).orElseThrow()),
            Arbitraries.longs().between(0, 8),
            Arbitraries.longs().between(1, 3_000),
            Arbitraries.longs().between(1, 12))
        .as(
            (algorithm, requests, periodMillis, burst) ->
                new Limit(
                    algorithm,
                    requests,
                    periodMillis,
                    algorithm.supportsBurst() ? burst : requests));
  }

  static Arbitrary<List<Step>> any() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 2_000), Arbitraries.longs().between(0, 5))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(30);
  }
}
