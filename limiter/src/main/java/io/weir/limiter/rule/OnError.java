package io.weir.limiter.rule;

import java.util.Locale;
import java.util.Optional;

/** What a synchronous door answers for a limit whose backend fails. */
public enum OnError {
  /** Lets the request pass. */
  ALLOW,
  /** Refuses the request. */
  DENY,
  /** Judges by state that this process alone keeps. */
  LOCAL;

  /** The name in rules files: lower case. */
  public String yamlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The value of that name, in upper or lower case or both. */
  public static Optional<OnError> find(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    for (OnError value : values()) {
      if (value.name().equals(upper)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
