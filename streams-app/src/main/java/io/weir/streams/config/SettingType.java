package io.weir.streams.config;

import java.util.Optional;
import java.util.function.Function;

/**
 * How the text of a setting is read. Immutable and thread-safe.
 *
 * @param <T> what it is read as
 */
public final class SettingType<T> {
  private final String expectation;
  private final Function<String, Optional<T>> parser;

  /**
   * A type.
   *
   * @param expectation what a value is, to stand after "must be": {@code true or false}
   * @param parser reads a trimmed text; empty where it is no value
   */
  SettingType(String expectation, Function<String, Optional<T>> parser) {
    this.expectation = expectation;
    this.parser = parser;
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException if it is no value; the message says what would be one
   */
  public T parse(String text) {
    return parser
        .apply(text.strip())
        .orElseThrow(() -> new IllegalArgumentException("it must be " + expectation));
  }

  /** What a value is, to stand after "must be". */
  public String expectation() {
    return expectation;
  }

  /** The same type, where an empty text means that nothing is set. */
  @SuppressWarnings("OptionalMapToOptional") // A value that is nothing is not one that is wrong.
  SettingType<Optional<T>> optional() {
    return new SettingType<>(
        expectation + ", or left out",
        text ->
            text.isEmpty() ? Optional.of(Optional.empty()) : parser.apply(text).map(Optional::of));
  }
}
