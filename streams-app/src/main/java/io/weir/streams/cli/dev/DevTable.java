package io.weir.streams.cli.dev;

import io.weir.schemas.Decision;
import io.weir.streams.cli.Overwriting;
import io.weir.streams.cli.TextTable;
import io.weir.streams.cli.TextTable.Cell;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/**
 * The table of who is allowed and denied, printed again and again: over itself on a terminal, as a
 * new block elsewhere.
 */
final class DevTable {
  private static final Duration BETWEEN_OVERWRITTEN = Duration.ofMillis(1_500);
  private static final Duration BETWEEN_BLOCKS = Duration.ofSeconds(5);

  private final List<DevUser> users;
  private final boolean overwrite;
  private final Ansi ansi;
  private long printedNanos;
  private boolean printed;

  /**
   * A table of the given users.
   *
   * @param overwrite whether each printing replaces the one before
   * @param nowNanos the time from which the first one is due
   */
  DevTable(List<DevUser> users, boolean overwrite, Ansi ansi, long nowNanos) {
    this.users = users;
    this.overwrite = overwrite;
    this.ansi = ansi;
    this.printedNanos = nowNanos;
  }

  /** Prints the table, where the last one is old enough. */
  void printIfDue(DecisionTally tally, long nowNanos, PrintWriter out) {
    Duration between = overwrite ? BETWEEN_OVERWRITTEN : BETWEEN_BLOCKS;
    if (nowNanos - printedNanos >= between.toNanos()) {
      printedNanos = nowNanos;
      print(tally, out);
    }
  }

  private void print(DecisionTally tally, PrintWriter out) {
    if (printed && overwrite) {
      out.print(Overwriting.away(users.size() + 1));
    }
    printed = true;
    out.print(overwrite ? Overwriting.CUT : "");
    TextTable table = new TextTable(ansi, "USER", "WHO", "ALLOWED", "DENIED", "LAST", "BY RULE");
    for (DevUser user : users) {
      DecisionTally.Count count = tally.of(user.name()).orElse(null);
      if (count == null) {
        table.add(Cell.plain(user.name()), Cell.plain(user.who()), Cell.plain("-"));
      } else {
        table.add(
            Cell.plain(user.name()),
            Cell.plain(user.who()),
            Cell.styled("green", count.allowed()),
            count.denied() == 0 ? Cell.plain(0) : Cell.styled("red", count.denied()),
            Cell.plain(last(count.last())),
            Cell.plain(
                count.last().getStatuses().isEmpty()
                    ? "-"
                    : count.last().getStatuses().get(0).getRule()));
      }
    }
    table.print(out);
    out.print(overwrite ? Overwriting.WRAP : "");
    out.flush();
  }

  private static String last(Decision decision) {
    String text = decision.getVerdict() + " " + decision.getReason();
    if (decision.getRetryAfterMs() != null) {
      return text + ", retry in " + decision.getRetryAfterMs() + " ms";
    }
    return decision.getDelayMs() == 0 ? text : text + ", wait " + decision.getDelayMs() + " ms";
  }
}
