package io.weir.limiter.outbound;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the endpoints of one pattern share on one host: a limiter, or one for each resource that the
 * server's answers name. The first one named has the limiter that was there before anything was
 * named, so where there is just one it goes on as if it had no name. Not thread-safe.
 */
final class EndpointEntry {
  /** Further resources have no limiter of their own. */
  private static final int MAX_RESOURCES = 16;

  private final Function<Optional<String>, Lane> maker;
  private final Lane first;
  private final Map<String, Lane> byResource = new LinkedHashMap<>();
  private final ResourceMemory resources = new ResourceMemory();

  /** How many hold it now; what is held is not forgotten. */
  int users;

  long usedMillis;

  /** A limiter, and the way to it. */
  record Lane(OutboundRateLimiter limiter, Turnstile turnstile) {
    private boolean isIdle() {
      return turnstile.underWay() == 0
          && turnstile.waiting() == 0
          && TurnQueue.of(limiter).isIdle();
    }

    void close() {
      turnstile.close();
      limiter.close();
    }
  }

  /**
   * An entry of which no answer named a resource yet.
   *
   * @param maker makes the limiter of a resource, or of those without a name
   */
  EndpointEntry(Function<Optional<String>, Lane> maker) {
    this.maker = maker;
    this.first = maker.apply(Optional.empty());
  }

  /** Where a request goes, by what is known of it. */
  Lane lane(Endpoint endpoint) {
    return resources
        .find(endpoint)
        .map(resource -> byResource.getOrDefault(resource, first))
        .orElse(first);
  }

  /** Keeps what resource a request turned out to be of; where it and those alike go from now on. */
  Lane learn(Endpoint endpoint, String resource) {
    resources.put(endpoint, resource);
    Lane known = byResource.get(resource);
    if (known != null) {
      return known;
    }
    if (byResource.size() == MAX_RESOURCES) {
      return first;
    }
    Lane lane = byResource.isEmpty() ? first : maker.apply(Optional.of(resource));
    byResource.put(resource, lane);
    return lane;
  }

  /** All, once each. */
  List<Lane> lanes() {
    List<Lane> lanes = new ArrayList<>(byResource.values());
    if (lanes.isEmpty()) {
      lanes.add(first);
    }
    return lanes;
  }

  boolean isIdle() {
    return users == 0 && lanes().stream().allMatch(Lane::isIdle);
  }

  void close() {
    lanes().forEach(Lane::close);
  }
}
