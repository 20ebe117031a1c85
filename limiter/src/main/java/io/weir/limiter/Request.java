package io.weir.limiter;

import java.util.Map;
import java.util.Objects;

/**
 * One request to be judged. Immutable.
 *
 * @param domain the namespace of rules to judge by, not empty
 * @param attributes facts about the request that rules match on
 * @param cost tokens the request takes; 0 peeks: it is answered as a cost of 1 would be, and
 *     consumes nothing
 * @param shortKeys whether a value of more than 128 characters is told by its hash in keys of
 *     state, where rules do not spell it out: for values that clients choose, who could fill the
 *     memory with them. Rules match on the whole value all the same.
 */
public record Request(String domain, Map<String, String> attributes, long cost, boolean shortKeys) {

  /**
   * Copies the attributes.
   *
   * @throws IllegalArgumentException if the domain is empty or the cost is below 0
   * @throws NullPointerException if the domain is null, or a key or a value of the attributes; what
   *     is not known of a request is left out
   */
  public Request {
    Objects.requireNonNull(domain, "the domain is null");
    if (domain.isEmpty()) {
      throw new IllegalArgumentException("the domain is empty; name the domain of the rules");
    }
    if (cost < 0) {
      throw new IllegalArgumentException("cost is " + cost + "; it must be 0 or more");
    }
    attributes = copy(attributes);
  }

  /**
   * A request whose values are in keys of state as they are.
   *
   * @throws IllegalArgumentException if the domain is empty or the cost is below 0
   * @throws NullPointerException if the domain is null, or a key or a value of the attributes
   */
  public Request(String domain, Map<String, String> attributes, long cost) {
    this(domain, attributes, cost, false);
  }

  /** A copy that says which attribute is null where one is. */
  private static Map<String, String> copy(Map<String, String> attributes) {
    try {
      return Map.copyOf(attributes);
    } catch (NullPointerException e) {
      Objects.requireNonNull(attributes, "the attributes are null");
      attributes.forEach(Request::requireValue);
      throw e;
    }
  }

  private static void requireValue(String key, String value) {
    Objects.requireNonNull(key, "the key of an attribute is null");
    Objects.requireNonNull(
        value, () -> "the attribute " + key + " is null; leave it out where it is not known");
  }

  /** A request of cost 1. */
  public static Request of(String domain, Map<String, String> attributes) {
    return new Request(domain, attributes, 1);
  }

  /** A request of cost 1 with one attribute. */
  public static Request of(String domain, String key, String value) {
    requireValue(key, value);
    return new Request(domain, Map.of(key, value), 1);
  }

  /** This request with another cost. */
  public Request withCost(long newCost) {
    return new Request(domain, attributes, newCost, shortKeys);
  }

  /** This request with {@link #shortKeys}. */
  public Request withShortKeys() {
    return new Request(domain, attributes, cost, true);
  }

  /** This request as a peek: answered as a cost of 1 would be, consuming nothing. */
  public Request peek() {
    return withCost(0);
  }
}
