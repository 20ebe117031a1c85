package io.weir.streams.cli.traffic;

import io.weir.limiter.rule.Identifiers;
import io.weir.schemas.Decision;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Verdict;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;

/**
 * Prints decisions as lines of a table as they come. Nobody knows what will come, so a column is as
 * wide as what came in it so far. Not thread-safe.
 */
final class DecisionTable implements Consumer<Decision> {
  private static final String GAP = "  ";
  private static final List<String> HEADINGS =
      List.of(
          "TIME", "VERDICT", "REASON", "IDENTIFIER", "RULE", "REMAINING", "RETRY AFTER", "REQUEST");
  private static final int VERDICT = HEADINGS.indexOf("VERDICT");
  private static final int REASON = HEADINGS.indexOf("REASON");

  private final PrintWriter out;
  private final ColorScheme colors;
  private final DateTimeFormatter time;

  /** Wide enough for what comes most. */
  private final int[] widths = {12, 7, 15, 20, 12, 9, 11, 0};

  DecisionTable(PrintWriter out, Ansi ansi, ZoneId zone) {
    this.out = out;
    this.colors = Help.defaultColorScheme(ansi);
    this.time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
  }

  /** Prints the headings. */
  void printHeadings() {
    out.println(colors.apply(line(HEADINGS, Optional.empty()), List.of(Style.bold)));
    out.flush();
  }

  @Override
  public void accept(Decision decision) {
    Optional<LimitStatus> binding = decision.getStatuses().stream().findFirst();
    List<String> cells =
        List.of(
            time.format(decision.getEventTime()),
            decision.getVerdict().name(),
            decision.getReason().name() + (decision.getDuplicate() ? ", again" : ""),
            identifier(decision, binding),
            binding.map(LimitStatus::getRule).orElse("-"),
            // Of the most that it can be: a bucket with a burst holds more than a period grants.
            binding.map(status -> status.getRemaining() + "/" + status.getBurst()).orElse("-"),
            Optional.ofNullable(decision.getRetryAfterMs()).map(it -> it + " ms").orElse("-"),
            decision.getRequestId());
    Style style = decision.getVerdict() == Verdict.ALLOW ? Style.fg_green : Style.fg_red;
    out.println(line(cells, Optional.of(style)));
    Optional.ofNullable(decision.getMessage())
        .ifPresent(message -> out.println(" ".repeat(indentation()) + message));
    out.flush();
  }

  /** Whose limit it is that the row tells of, where there is one. */
  private static String identifier(Decision decision, Optional<LimitStatus> binding) {
    return binding
        .map(status -> Identifiers.identifierOf(status.getStateKey()))
        .or(() -> Optional.ofNullable(decision.getIdentifier()))
        .orElse("-");
  }

  /** The last cell is not padded: no blanks at the end of lines. */
  private String line(List<String> cells, Optional<Style> ofVerdict) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      widths[i] = i == cells.size() - 1 ? cell.length() : Math.max(widths[i], cell.length());
      String padded = cell + " ".repeat(widths[i] - cell.length());
      boolean styled = i == VERDICT && ofVerdict.isPresent();
      line.append(i == 0 ? "" : GAP)
          .append(styled ? colors.apply(padded, List.of(ofVerdict.get())) : padded);
    }
    return line.toString();
  }

  /** A message stands below the reason that it explains. */
  private int indentation() {
    int columns = 0;
    for (int i = 0; i < REASON; i++) {
      columns += widths[i] + GAP.length();
    }
    return columns;
  }
}
