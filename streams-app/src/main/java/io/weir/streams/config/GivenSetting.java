package io.weir.streams.config;

import java.util.Optional;

/**
 * A setting as somebody wrote it, not yet checked.
 *
 * @param name dotted name
 * @param value its text
 * @param origin where it was written
 * @param outdone where another value was written that this one wins over
 */
record GivenSetting(String name, String value, Origin origin, Optional<Origin> outdone) {
  /** A setting that is written once. */
  GivenSetting(String name, String value, Origin origin) {
    this(name, value, origin, Optional.empty());
  }

  /** This one, which wins over another. */
  GivenSetting over(GivenSetting other) {
    return value.equals(other.value)
        ? this
        : new GivenSetting(name, value, origin, Optional.of(other.origin));
  }

  /** The value, a secret's hidden, and where it comes from. */
  String describe() {
    return SecretNames.show(name, value)
        + " ("
        + origin
        + outdone.map(other -> ", not " + other).orElse("")
        + ")";
  }
}
