package io.weir.streams.compare;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import java.util.List;
import java.util.Optional;

/**
 * What is compared: limits with one algorithm, whatever they were written with. Immutable.
 *
 * @param name what the report calls it
 * @param algorithm that of all limits; empty leaves each its own
 */
public record Contender(String name, Optional<Algorithm<?>> algorithm) {

  /** All algorithms of the library, in the order of their book. */
  public static List<Contender> standard() {
    Algorithms algorithms = Algorithms.standard();
    return algorithms.names().stream()
        .map(name -> new Contender(name, algorithms.find(name)))
        .toList();
  }

  /** The limits as they are written. */
  public static Contender asWritten() {
    return new Contender("as written", Optional.empty());
  }

  /**
   * The limit with this contender's algorithm: as many requests in the same period, and the same
   * burst where it has one.
   *
   * @throws IllegalArgumentException if the algorithm cannot be exact for these numbers; the
   *     message says which is wrong
   */
  public Limit of(Limit limit) {
    return algorithm
        .map(
            it ->
                new Limit(
                    it,
                    limit.requests(),
                    limit.periodMillis(),
                    it.supportsBurst() ? limit.burst() : limit.requests()))
        .orElse(limit);
  }
}
