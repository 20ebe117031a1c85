package io.weir.streams.compare;

import java.util.Locale;

/** Numbers as people read them, the same in each country. */
final class Counts {
  private Counts() {}

  /** A count in no more than five characters: {@code 9999}, {@code 12k}, {@code 1.5M}. */
  static String brief(long count) {
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
