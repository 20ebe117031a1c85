package io.weir.limiter.words;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says for people how long something takes. Stateless and thread-safe. Public for Weir's own
 * packages, and no part of what the library is for.
 */
public final class Spans {
  private record Unit(String name, long millis) {}

  private static final List<Unit> UNITS =
      List.of(
          new Unit("d", 86_400_000),
          new Unit("h", 3_600_000),
          new Unit("min", 60_000),
          new Unit("s", 1_000),
          new Unit("ms", 1));

  private Spans() {}

  /**
   * The time in its largest unit and the next, but for milliseconds behind seconds: {@code 41 min
   * 39 s}. It is rounded up, so that who waits so long has waited long enough.
   *
   * @param millis 0 or more
   */
  public static String of(long millis) {
    for (int i = 0; i < UNITS.size() - 1; i++) {
      Unit unit = UNITS.get(i);
      if (millis >= unit.millis()) {
        return of(millis, unit, i + 2 < UNITS.size() ? UNITS.get(i + 1) : unit);
      }
    }
    return millis + " ms";
  }

  /**
   * The time in its two largest units, where there is little room: {@code 850ms}, {@code 12.3s},
   * {@code 1h 30m}. Seconds are rounded up, larger units down.
   *
   * @param millis 0 or more
   */
  public static String brief(long millis) {
    Duration duration = Duration.ofMillis(millis);
    if (millis < 1_000) {
      return millis + "ms";
    }
    if (duration.toMinutes() == 0) {
      return millis % 1_000 == 0
          ? millis / 1_000 + "s"
          : String.format(Locale.ROOT, "%.1fs", Math.ceil(millis / 100.0) / 10);
    }
    if (duration.toHours() == 0) {
      return brief(duration.toMinutes(), "m", duration.toSecondsPart(), "s");
    }
    return duration.toDays() == 0
        ? brief(duration.toHours(), "h", duration.toMinutesPart(), "m")
        : brief(duration.toDays(), "d", duration.toHoursPart(), "h");
  }

  private static String brief(long large, String largeUnit, long small, String smallUnit) {
    return small == 0 ? large + largeUnit : large + largeUnit + " " + small + smallUnit;
  }

  /** The time to the last bit, in all units that it has some of: {@code 1 min 0.5 ms}. */
  public static String exact(Duration duration) {
    if (duration.isNegative()) {
      return "-" + exact(duration.negated());
    }
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("d", duration.toDaysPart());
    parts.put("h", (long) duration.toHoursPart());
    parts.put("min", (long) duration.toMinutesPart());
    parts.put("s", (long) duration.toSecondsPart());
    parts.values().removeIf(amount -> amount.equals(0L));
    BigDecimal millis = BigDecimal.valueOf(duration.toNanosPart(), 6).stripTrailingZeros();
    if (millis.signum() != 0 || parts.isEmpty()) {
      parts.put("ms", millis.toPlainString());
    }
    return parts.entrySet().stream()
        .map(part -> part.getValue() + " " + part.getKey())
        .collect(Collectors.joining(" "));
  }

  private static String of(long millis, Unit large, Unit small) {
    long smalls = millis / small.millis() + (millis % small.millis() == 0 ? 0 : 1);
    long perLarge = large.millis() / small.millis();
    long rest = smalls % perLarge;
    String text = smalls / perLarge + " " + large.name();
    return rest == 0 ? text : text + " " + rest + " " + small.name();
  }
}
