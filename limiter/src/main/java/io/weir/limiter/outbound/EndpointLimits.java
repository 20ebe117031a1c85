package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.outbound.EndpointPattern.Endpoint;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The limits of patterns, the most specific pattern first. Not thread-safe. */
final class EndpointLimits {
  private final Limit defaults;
  private final SortedMap<EndpointPattern, Limit> byPattern =
      new TreeMap<>(EndpointPattern.MOST_SPECIFIC_FIRST);

  EndpointLimits(Limit defaults, Map<EndpointPattern, Limit> limits) {
    this.defaults = defaults;
    byPattern.putAll(limits);
  }

  void put(EndpointPattern pattern, Limit limit) {
    byPattern.put(pattern, limit);
  }

  Optional<EndpointPattern> match(Endpoint endpoint) {
    return byPattern.keySet().stream().filter(it -> it.matches(endpoint)).findFirst();
  }

  Limit of(Optional<EndpointPattern> pattern) {
    return pattern.flatMap(it -> Optional.ofNullable(byPattern.get(it))).orElse(defaults);
  }
}
