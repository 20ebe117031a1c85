package io.weir.limiter.rule;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One descriptor that a request spells out, as Envoy's requests do. Immutable.
 *
 * @param entries what leads down the tree of rules, one level each; at least one
 * @param cost tokens that the request asks of the descriptor's limits; 0 peeks: they are answered
 *     as a cost of 1 would be, and nothing of them is consumed
 * @param override a limit in place of what the rules say
 */
public record RequestedDescriptor(
    List<Entry> entries, long cost, Optional<LimitOverride> override) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no entry, or the cost is below 0
   */
  public RequestedDescriptor {
    entries = List.copyOf(entries);
    Objects.requireNonNull(override, "the override is null");
    if (entries.isEmpty()) {
      throw new IllegalArgumentException(
          "a descriptor has no entries; it needs at least one of key and value");
    }
    if (cost < 0) {
      throw new IllegalArgumentException("cost is " + cost + "; it must be 0 or more");
    }
  }

  /** A descriptor of cost 1 that goes by the rules. */
  public static RequestedDescriptor of(Entry... entries) {
    return new RequestedDescriptor(List.of(entries), 1, Optional.empty());
  }

  /** A descriptor of cost 1 and one entry that goes by the rules. */
  public static RequestedDescriptor of(String key, String value) {
    return of(new Entry(key, value));
  }

  /** This descriptor with another cost. */
  public RequestedDescriptor withCost(long newCost) {
    return new RequestedDescriptor(entries, newCost, override);
  }

  /** This descriptor with a limit in place of what the rules say. */
  public RequestedDescriptor withOverride(LimitOverride newOverride) {
    return new RequestedDescriptor(entries, cost, Optional.of(newOverride));
  }
}
