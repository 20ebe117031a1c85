package io.weir.streams.cli;

import io.weir.limiter.rule.LimitMode;
import java.time.Duration;
import java.util.Locale;

/** How commands write what is to be said of a limit. */
public final class LimitText {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private LimitText() {}

  /** A rule's name, and its mode where that is another than to enforce. */
  public static String rule(String name, LimitMode mode) {
    return mode == LimitMode.ENFORCED
        ? name
        : name + " (" + mode.name().toLowerCase(Locale.ROOT) + ")";
  }

  /** The numbers: {@code 5 / 1s burst 10}. */
  public static String limit(long requests, long periodMillis, long burst) {
    String text = requests + " / " + duration(periodMillis);
    return burst == requests ? text : text + " burst " + burst;
  }

  /** How long until then: {@code in 1.5s}, or {@code now}. */
  public static String after(long millis) {
    return millis <= 0 ? "now" : "in " + duration(millis);
  }

  /** A span in its two largest units: {@code 850ms}, {@code 12.3s}, {@code 1h 30m}. */
  public static String duration(long millis) {
    Duration duration = Duration.ofMillis(millis);
    if (millis < 1000) {
      return millis + "ms";
    }
    if (duration.compareTo(MINUTE) < 0) {
      return millis % 1000 == 0
          ? millis / 1000 + "s"
          : String.format(Locale.ROOT, "%.1fs", Math.ceil(millis / 100.0) / 10);
    }
    if (duration.compareTo(HOUR) < 0) {
      return two(duration.toMinutes(), "m", duration.toSecondsPart(), "s");
    }
    if (duration.compareTo(DAY) < 0) {
      return two(duration.toHours(), "h", duration.toMinutesPart(), "m");
    }
    return two(duration.toDays(), "d", duration.toHoursPart(), "h");
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return small == 0 ? large + largeUnit : large + largeUnit + " " + small + smallUnit;
  }
}
