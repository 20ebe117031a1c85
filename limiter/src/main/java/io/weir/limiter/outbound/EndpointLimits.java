package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.http.RoutePattern;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The limits of patterns, the most specific pattern first. Not thread-safe. */
final class EndpointLimits {
  private final Limit defaults;
  private final SortedMap<RoutePattern, Limit> byPattern =
      new TreeMap<>(RoutePattern.MOST_SPECIFIC_FIRST);

  EndpointLimits(Limit defaults, Map<RoutePattern, Limit> limits) {
    this.defaults = defaults;
    byPattern.putAll(limits);
  }

  void put(RoutePattern pattern, Limit limit) {
    byPattern.put(pattern, limit);
  }

  Optional<RoutePattern> match(Endpoint endpoint) {
    return byPattern.keySet().stream().filter(it -> endpoint.isOf(it)).findFirst();
  }

  Limit of(Optional<RoutePattern> pattern) {
    return pattern.flatMap(it -> Optional.ofNullable(byPattern.get(it))).orElse(defaults);
  }
}
