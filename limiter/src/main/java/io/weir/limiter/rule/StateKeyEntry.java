package io.weir.limiter.rule;

import java.util.Map;
import java.util.Optional;

/**
 * One entry of the descriptor that a state key belongs to.
 *
 * @param key the attribute
 * @param value its value; or, where the state is that of all values that match a wildcard, the
 *     wildcard
 * @param shared whether the value is such a wildcard, as {@code share_threshold} has it
 */
public record StateKeyEntry(String key, String value, boolean shared) {

  /**
   * Checks the value.
   *
   * @throws IdentifierException if it is shared and has no {@code *}
   */
  public StateKeyEntry {
    if (shared && value.indexOf('*') < 0) {
      throw new IdentifierException("a value that stands for others must be a wildcard");
    }
  }

  /** Whether a request with these attributes can have it. */
  public boolean isMetBy(Map<String, String> attributes) {
    return Optional.ofNullable(attributes.get(key))
        .filter(it -> shared ? new Wildcard(value).matches(it) : it.equals(value))
        .isPresent();
  }
}
