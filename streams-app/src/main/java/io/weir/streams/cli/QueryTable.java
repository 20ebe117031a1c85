package io.weir.streams.cli;

import io.weir.limiter.Verdict;
import io.weir.limiter.words.Spans;
import io.weir.streams.cli.TextTable.Cell;
import io.weir.streams.query.LimitReport;
import io.weir.streams.query.Standing;

/** How {@code weir query} writes a limit for people. */
final class QueryTable {
  private QueryTable() {}

  /** The cells of one limit. */
  static Cell[] cells(LimitReport report) {
    Standing standing = report.standing();
    return new Cell[] {
      Cell.plain(report.identifier()),
      Cell.plain(LimitText.rule(report.rule(), report.mode())),
      Cell.plain(LimitText.limit(standing.limit(), standing.periodMillis(), standing.burst())),
      Cell.plain(standing.remaining()),
      verdict(report),
      Cell.plain(LimitText.after(standing.resetAtMillis() - report.evaluatedAtMillis())),
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
            ? " for " + Spans.brief(report.retryAfterMillis().getAsLong())
            : "";
    return Cell.styled("red", "denies" + wait);
  }

  private static String lastAdmitted(LimitReport report) {
    if (report.standing().lastAdmissionMillis().isEmpty()) {
      return "-";
    }
    long agoMillis =
        report.evaluatedAtMillis() - report.standing().lastAdmissionMillis().getAsLong();
    return agoMillis <= 0 ? "now" : Spans.brief(agoMillis) + " ago";
  }
}
