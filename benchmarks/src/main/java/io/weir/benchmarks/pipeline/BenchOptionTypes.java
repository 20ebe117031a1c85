package io.weir.benchmarks.pipeline;

import io.weir.streams.cli.OptionType;
import io.weir.streams.config.SettingTypes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The types of the bench's options. */
final class BenchOptionTypes {
  private BenchOptionTypes() {}

  /** How many of what a bench counts. */
  static final class Many extends OptionType<Integer> {
    Many() {
      super(SettingTypes.integer(1, 100_000_000));
    }
  }

  /** Partitions of a topic, or threads. */
  static final class Few extends OptionType<Integer> {
    Few() {
      super(SettingTypes.integer(1, 1_000));
    }
  }

  /** A whole number of any size. */
  static final class Seed extends OptionType<Long> {
    Seed() {
      super(SettingTypes.wholeNumber(0));
    }
  }

  /** Time between commits, as of the setting. */
  static final class CommitInterval extends OptionType<Duration> {
    CommitInterval() {
      super(SettingTypes.duration("1ms", "1h"));
    }
  }

  /** One of the sections. */
  static final class OneSection implements ITypeConverter<Section> {
    @Override
    public Section convert(String text) {
      for (Section section : Section.values()) {
        if (section.label().equals(text.strip().toLowerCase(Locale.ROOT))) {
          return section;
        }
      }
      throw new TypeConversionException(
          "it must be one or more of "
              + Arrays.stream(Section.values())
                  .map(Section::label)
                  .collect(Collectors.joining(", "))
              + ", separated by commas");
    }
  }
}
