package io.weir.streams.compare;

import java.util.Locale;

/** Numbers as people read them, the same in each country. */
final class Texts {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Texts() {}

  /** A span in one unit, of milliseconds: {@code 540 ms}, {@code 20.6 s}, {@code 1.5 h}. */
  static String duration(long millis) {
    if (millis < SECOND) {
      return millis + " ms";
    }
    if (millis < 3 * MINUTE) {
      return in(millis, SECOND, "s");
    }
    if (millis < 3 * HOUR) {
      return in(millis, MINUTE, "min");
    }
    return millis < 3 * DAY ? in(millis, HOUR, "h") : in(millis, DAY, "d");
  }

  private static String in(long millis, long unitMillis, String unit) {
    return String.format(Locale.ROOT, "%.1f %s", (double) millis / unitMillis, unit);
  }

  /** A count in no more than five characters: {@code 9999}, {@code 12k}, {@code 1.5M}. */
  static String count(long count) {
    if (count < 10_000) {
      return String.valueOf(count);
    }
    double value = count;
    int unit = 0;
    while (value >= 999.5) {
      value /= 1_000;
      unit++;
    }
    return String.format(
        Locale.ROOT, value < 10 ? "%.1f%c" : "%.0f%c", value, " kMGTPE".charAt(unit));
  }
}
