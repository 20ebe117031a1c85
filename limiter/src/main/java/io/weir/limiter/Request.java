package io.weir.limiter;

import io.weir.limiter.words.Spans;
import java.time.Duration;
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
 * @param maxDelayMillis the longest delay that who asks would wait for a turn, in milliseconds, 0
 *     or more: where a leaky bucket would give a later one, the request is denied and takes nothing
 */
public record Request(
    String domain,
    Map<String, String> attributes,
    long cost,
    boolean shortKeys,
    long maxDelayMillis) {

  private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);

  /**
   * Copies the attributes.
   *
   * @throws IllegalArgumentException if the domain is empty, or a number is below 0
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
    if (maxDelayMillis < 0) {
      throw new IllegalArgumentException(
          "maxDelayMillis is " + maxDelayMillis + "; it must be 0 or more");
    }
    attributes = copy(attributes);
  }

  /**
   * A request whose values are in keys of state as they are, and that would wait for any turn.
   *
   * @throws IllegalArgumentException if the domain is empty or the cost is below 0
   * @throws NullPointerException if the domain is null, or a key or a value of the attributes
   */
  public Request(String domain, Map<String, String> attributes, long cost) {
    this(domain, attributes, cost, false, Long.MAX_VALUE);
  }

  private static long atMost(Duration maxDelay) {
    return maxDelay.compareTo(LONGEST) < 0 ? maxDelay.toMillis() : Long.MAX_VALUE;
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
    return new Request(domain, attributes, newCost, shortKeys, maxDelayMillis);
  }

  /** This request with {@link #shortKeys}. */
  public Request withShortKeys() {
    return new Request(domain, attributes, cost, true, maxDelayMillis);
  }

  /**
   * This request for who would wait so long for a turn, at most.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Request withMaxDelay(Duration maxDelay) {
    if (maxDelay.isNegative()) {
      throw new IllegalArgumentException(
          "maxDelay is " + Spans.exact(maxDelay) + "; it must be 0 or more");
    }
    return new Request(domain, attributes, cost, shortKeys, atMost(maxDelay));
  }

  /** This request as a peek: answered as a cost of 1 would be, consuming nothing. */
  public Request peek() {
    return withCost(0);
  }
}
