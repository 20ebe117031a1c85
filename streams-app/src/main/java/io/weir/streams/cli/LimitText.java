package io.weir.streams.cli;

import io.weir.limiter.rule.LimitMode;
import io.weir.limiter.words.Spans;
import java.util.Locale;

/** How commands write what is to be said of a limit. */
public final class LimitText {
  private LimitText() {}

  /** A rule's name, and its mode where that is another than to enforce. */
  public static String rule(String name, LimitMode mode) {
    return mode == LimitMode.ENFORCED
        ? name
        : name + " (" + mode.name().toLowerCase(Locale.ROOT) + ")";
  }

  /** The numbers: {@code 5 / 1s burst 10}. */
  public static String limit(long requests, long periodMillis, long burst) {
    String text = requests + " / " + Spans.brief(periodMillis);
    return burst == requests ? text : text + " burst " + burst;
  }

  /** How long until then: {@code in 1.5s}, or {@code now}. */
  public static String after(long millis) {
    return millis <= 0 ? "now" : "in " + Spans.brief(millis);
  }
}
