package io.weir.limiter.rule;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The units of time that rules count in, those of Envoy's rate limit API. */
public enum RateUnit {
  /** 1 s. */
  SECOND(Duration.ofSeconds(1)),
  /** 60 s. */
  MINUTE(Duration.ofMinutes(1)),
  /** 60 minutes. */
  HOUR(Duration.ofHours(1)),
  /** 24 hours. */
  DAY(Duration.ofDays(1)),
  /** 7 days. */
  WEEK(Duration.ofDays(7)),
  /** 30 days. */
  MONTH(Duration.ofDays(30)),
  /** 365 days. */
  YEAR(Duration.ofDays(365));

  /** All names, for messages. */
  static final String NAMES = "second, minute, hour, day, week, month or year";

  private final long millis;

  RateUnit(Duration length) {
    this.millis = length.toMillis();
  }

  /** The unit's length in milliseconds. */
  public long millis() {
    return millis;
  }

  /** The unit's name in rules files: lower case. */
  public String yamlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The unit of that name, in upper or lower case or both. */
  public static Optional<RateUnit> find(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    for (RateUnit unit : values()) {
      if (unit.name().equals(upper)) {
        return Optional.of(unit);
      }
    }
    return Optional.empty();
  }

  /**
   * The longest unit that a period is a whole number of.
   *
   * @param periodMillis in milliseconds, above 0
   * @return empty where it is not even whole seconds
   */
  public static Optional<RateUnit> dividing(long periodMillis) {
    return periodMillis % SECOND.millis == 0
        ? Optional.of(dividingSeconds(periodMillis / SECOND.millis))
        : Optional.empty();
  }

  /** The longest unit that so many seconds are a whole number of; the second for none. */
  static RateUnit dividingSeconds(long seconds) {
    RateUnit longest = SECOND;
    for (RateUnit unit : values()) {
      if (seconds != 0 && seconds % unit.seconds() == 0) {
        longest = unit;
      }
    }
    return longest;
  }

  /** The unit's length in seconds. */
  long seconds() {
    return millis / 1000;
  }
}
