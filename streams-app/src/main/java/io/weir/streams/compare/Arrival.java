package io.weir.streams.compare;

import java.util.Map;

/**
 * One request of some traffic. Immutable.
 *
 * @param timeMillis when it comes, in milliseconds since the epoch
 * @param domain the namespace of the rules that it is judged by
 * @param attributes facts about it
 * @param cost tokens that it takes, 1 or more
 */
public record Arrival(long timeMillis, String domain, Map<String, String> attributes, long cost) {

  /**
   * Copies the attributes.
   *
   * @throws IllegalArgumentException if the time is below 0, or the cost below 1
   */
  public Arrival {
    if (timeMillis < 0) {
      throw new IllegalArgumentException("the time is " + timeMillis + "; it must be 0 or more");
    }
    if (cost < 1) {
      throw new IllegalArgumentException("the cost is " + cost + "; it must be 1 or more");
    }
    attributes = Map.copyOf(attributes);
  }

  /** The same in another domain. */
  public Arrival in(String newDomain) {
    return new Arrival(timeMillis, newDomain, attributes, cost);
  }
}
