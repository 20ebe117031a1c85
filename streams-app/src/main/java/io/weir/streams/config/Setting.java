package io.weir.streams.config;

import java.util.Objects;

/**
 * One declared setting. Immutable.
 *
 * @param name dotted name: {@code http.port}
 * @param type how its text is read
 * @param defaultText the default as it would stand in a file
 * @param doc what it is for, in one line
 */
public record Setting<T>(String name, SettingType<T> type, String defaultText, String doc) {

  /**
   * Checks that the default is a value.
   *
   * @throws IllegalArgumentException if it is not
   */
  public Setting {
    T unused = type.parse(defaultText);
  }

  /** Whether a text, written in whatever way, comes to the default. */
  boolean isDefault(String text) {
    return Objects.equals(type.parse(text), type.parse(defaultText));
  }

  /** The environment variable that sets it: {@code WEIR_HTTP_PORT}. */
  public String variable() {
    return EnvironmentSource.variableOf(name);
  }
}
