package io.weir.limiter.rule;

import java.util.Map;
import java.util.Optional;

/**
 * Who is limited: a domain and the first entry of a descriptor.
 *
 * @param domain the domain, not empty
 * @param key the attribute, not empty
 * @param value its value; or, where the identifier stands for all values that match a wildcard, the
 *     wildcard
 * @param shared whether the value is a wildcard that stands for all values that match it, as {@code
 *     share_threshold} has it
 */
public record Identifier(String domain, String key, String value, boolean shared) {

  /**
   * Checks the parts.
   *
   * @throws IdentifierException if domain or key is empty, a part is no valid text, or a shared
   *     value has no {@code *}
   */
  public Identifier {
    if (shared && value.indexOf('*') < 0) {
      throw new IdentifierException("a value that stands for others must be a wildcard");
    }
    if (domain.isEmpty()) {
      throw new IdentifierException("the domain of an identifier must not be empty");
    }
    if (key.isEmpty()) {
      throw new IdentifierException("the key of an identifier must not be empty");
    }
    PercentCode.requireText(domain);
    PercentCode.requireText(key);
    PercentCode.requireText(value);
  }

  /** The identifier of one value. */
  public static Identifier of(String domain, String key, String value) {
    return new Identifier(domain, key, value, false);
  }

  /** Whether a request with these attributes can be meant by it. */
  public boolean isMetBy(Map<String, String> attributes) {
    return Optional.ofNullable(attributes.get(key))
        .filter(it -> shared ? new Wildcard(value).matches(it) : it.equals(value))
        .isPresent();
  }

  /** The identifier as state and records are keyed by it: {@code api/user_id=42}. */
  public String encoded() {
    return PercentCode.encode(domain)
        + '/'
        + PercentCode.encode(key)
        + '='
        + (shared ? PercentCode.encodePattern(value) : PercentCode.encode(value));
  }
}
