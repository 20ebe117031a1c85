package io.weir.streams.app;

import java.time.Duration;
import java.util.Locale;

/** Durations in log lines and messages: {@code 850 ms}, {@code 12.3 s}, {@code 10 min}. */
final class Durations {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(2);

  private Durations() {}

  static String text(Duration duration) {
    if (duration.compareTo(SHORT) < 0) {
      return duration.toMillis() + " ms";
    }
    if (duration.compareTo(LONG) < 0) {
      String seconds = String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
      return (seconds.endsWith(".0") ? seconds.substring(0, seconds.length() - 2) : seconds) + " s";
    }
    return duration.toMinutes() + " min";
  }
}
