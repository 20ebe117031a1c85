package io.weir.limiter.rule;

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
   * @throws IdentifierException if domain or key is empty, or a part is no valid text
   */
  public Identifier {
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

  /** The identifier as state and records are keyed by it: {@code api/user_id=42}. */
  public String encoded() {
    return PercentCode.encode(domain)
        + '/'
        + PercentCode.encode(key)
        + '='
        + (shared ? PercentCode.encodePattern(value) : PercentCode.encode(value));
  }
}
