package io.weir.streams.cli.traffic;

import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.LimitMode;
import io.weir.schemas.Decision;
import io.weir.schemas.LimitStatus;
import io.weir.schemas.Operation;
import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.LimitText;
import io.weir.streams.cli.TextTable;
import io.weir.streams.cli.TextTable.Cell;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Help.Ansi;

/** Tells people what a refund or a reset has done: to whom, and how their limits stand. */
record CorrectionText(PrintWriter out, Ansi ansi) {

  void print(RequestEvent request, Decision done) {
    String what = what(request);
    identifiers(done).forEach(identifier -> out.println(identifier + ": " + what));
    if (done.getStatuses().isEmpty()) {
      // Only a reset reaches further than the limits that it would be judged by.
      out.println("No limit applies to these attributes alone; those further down are full again.");
      out.flush();
      return;
    }
    TextTable table = new TextTable(ansi, "IDENTIFIER", "RULE", "LIMIT", "REMAINING", "FULL AGAIN");
    for (String identifier : identifiers(done)) {
      String rows = Identifiers.rowPrefix(identifier);
      done.getStatuses().stream()
          .filter(status -> status.getStateKey().startsWith(rows))
          .forEach(status -> table.add(cells(identifier, done, status)));
    }
    table.print(out);
  }

  private static String what(RequestEvent request) {
    if (request.getOperation() == Operation.RESET) {
      return "reset";
    }
    return "refunded up to "
        + request.getCost()
        + (request.getCost() == 1 ? " token" : " tokens")
        + " charged at "
        + request.getChargedAt();
  }

  /** The decision's own, which is the first in rule order, then the others it tells of. */
  private static Set<String> identifiers(Decision done) {
    Set<String> identifiers = new LinkedHashSet<>();
    if (done.getIdentifier() != null) {
      identifiers.add(done.getIdentifier());
    }
    done.getStatuses()
        .forEach(status -> identifiers.add(Identifiers.identifierOf(status.getStateKey())));
    return identifiers;
  }

  private static Cell[] cells(String identifier, Decision done, LimitStatus status) {
    long untilFullMillis =
        status.getResetAt().toEpochMilli() - done.getEvaluationTime().toEpochMilli();
    return new Cell[] {
      Cell.plain(identifier),
      Cell.plain(LimitText.rule(status.getRule(), LimitMode.valueOf(status.getMode().name()))),
      Cell.plain(LimitText.limit(status.getLimit(), status.getPeriodMs(), status.getBurst())),
      Cell.plain(status.getRemaining()),
      Cell.plain(LimitText.after(untilFullMillis))
    };
  }
}
