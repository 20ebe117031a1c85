package io.weir.streams.cli;

import io.weir.limiter.Verdict;
import io.weir.limiter.rule.LimitMode;
import io.weir.streams.cli.TextTable.Cell;
import io.weir.streams.query.LimitReport;
import io.weir.streams.query.Standing;
import java.time.Duration;
import java.util.Locale;

/** How {@code weir query} writes a limit for people. */
final class QueryTable {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private QueryTable() {}

  /** The cells of one limit. */
  static Cell[] cells(LimitReport report) {
    Standing standing = report.standing();
    return new Cell[] {
      Cell.plain(report.identifier()),
      Cell.plain(report.rule() + mode(report.mode())),
      Cell.plain(limit(standing)),
      Cell.plain(standing.remaining()),
      verdict(report),
      Cell.plain(after(standing.resetAtMillis() - report.evaluatedAtMillis())),
      Cell.plain(lastAdmitted(report)),
      Cell.plain(report.instance())
    };
  }

  private static Cell verdict(LimitReport report) {
    if (report.verdict() == Verdict.ALLOW) {
      return Cell.styled("green", "allows");
    }
    String wait =
        report.retryAfterMillis().isPresent()
            ? " for " + duration(report.retryAfterMillis().getAsLong())
            : "";
    return Cell.styled("red", "denies" + wait);
  }

  private static String mode(LimitMode mode) {
    return mode == LimitMode.ENFORCED ? "" : " (" + mode.name().toLowerCase(Locale.ROOT) + ")";
  }

  private static String limit(Standing standing) {
    String text = standing.limit() + " / " + duration(standing.periodMillis());
    return standing.burst() == standing.limit() ? text : text + " burst " + standing.burst();
  }

  private static String after(long millis) {
    return millis <= 0 ? "now" : "in " + duration(millis);
  }

  private static String lastAdmitted(LimitReport report) {
    if (report.standing().lastAdmissionMillis().isEmpty()) {
      return "-";
    }
    long agoMillis =
        report.evaluatedAtMillis() - report.standing().lastAdmissionMillis().getAsLong();
    return agoMillis <= 0 ? "now" : duration(agoMillis) + " ago";
  }

  /** A span in its two largest units: {@code 850ms}, {@code 12.3s}, {@code 1h 30m}. */
  static String duration(long millis) {
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
