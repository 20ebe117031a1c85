package io.weir.streams.cli;

import io.weir.streams.config.SettingType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How the value of an option is read: as a setting's is. What is no value is a mistake of the
 * command line, and is found before anything is done.
 *
 * @param <T> what it is read as
 */
public abstract class OptionType<T> implements ITypeConverter<T> {
  private final SettingType<T> type;

  /** Options that are read by a type of settings. */
  protected OptionType(SettingType<T> type) {
    this.type = type;
  }

  @Override
  public final T convert(String text) {
    try {
      return type.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
