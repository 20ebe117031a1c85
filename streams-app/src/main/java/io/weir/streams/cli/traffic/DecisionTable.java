package io.weir.streams.cli.traffic;

import io.weir.schemas.Decision;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Verdict;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Help.Ansi;

/** Prints decisions as lines of a table as they come, so its columns have fixed widths. */
final class DecisionTable implements Consumer<Decision> {
  private static final String LINE = "%-12s  %s  %-17s  %-28s  %-24s  %11s  %9s  %s";

  private final PrintWriter out;
  private final Ansi ansi;
  private final DateTimeFormatter time;

  DecisionTable(PrintWriter out, Ansi ansi, ZoneId zone) {
    this.out = out;
    this.ansi = ansi;
    this.time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
  }

  /** Prints the headings. */
  void printHeadings() {
    String line =
        LINE.formatted(
            "TIME", "VERD.", "REASON", "IDENTIFIER", "RULE", "REMAINING", "RETRY", "REQUEST");
    print(ansi.apply(line, List.of(Ansi.Style.bold)).toString());
  }

  @Override
  public void accept(Decision decision) {
    Optional<LimitStatus> binding = decision.getStatuses().stream().findFirst();
    String verdict = "%-5s".formatted(decision.getVerdict());
    Ansi.Style style =
        decision.getVerdict() == Verdict.ALLOW ? Ansi.Style.fg_green : Ansi.Style.fg_red;
    print(
        LINE.formatted(
            time.format(decision.getEventTime()),
            ansi.apply(verdict, List.of(style)),
            decision.getReason(),
            Optional.ofNullable(decision.getIdentifier()).orElse("-"),
            binding.map(LimitStatus::getRule).orElse("-"),
            // Of the most that it can be: a bucket with a burst holds more than a period grants.
            binding.map(status -> status.getRemaining() + "/" + status.getBurst()).orElse("-"),
            Optional.ofNullable(decision.getRetryAfterMs()).map(it -> it + " ms").orElse("-"),
            decision.getRequestId()));
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
