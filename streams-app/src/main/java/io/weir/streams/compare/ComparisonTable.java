package io.weir.streams.compare;

import io.weir.limiter.words.Spans;
import java.util.List;
import java.util.Locale;

/** The lines of a comparison, as people read them. */
public final class ComparisonTable {
  /** What stands in the columns. */
  public static final List<String> HEADINGS =
      List.of(
          "ALGORITHM",
          "TOKENS ADMITTED",
          "REQUESTS DENIED",
          "MOST IN A WINDOW",
          "TURN AFTER",
          "RETRY AFTER",
          "BYTES A KEY",
          "NS A CHECK");

  /** What they mean, a line each. */
  public static final List<String> LEGEND =
      List.of(
          "MOST IN A WINDOW: what one key had within one period of a limit, wherever it starts, by when",
          "  requests go on; of several limits, of the one that let most through.",
          "TURN AFTER: how long admitted requests wait for their turn, of those that have to; RETRY AFTER:",
          "  how long denied ones are told to wait. The median and the longest.",
          "BYTES A KEY: the mean of the rows as they are stored, and the largest there was.",
          "NS A CHECK: the judge's own time, on this machine.");

  private ComparisonTable() {}

  /** The line of one contender. */
  public static List<String> cells(Result result) {
    return List.of(
        result.contender(),
        String.format(Locale.ROOT, "%,d of %,d", result.admitted(), result.offered()),
        denied(result),
        String.format(
            Locale.ROOT,
            "%,d of %,d (%.2f ×)",
            result.worst().tokens(),
            result.worst().limit(),
            result.worst().ratio()),
        wait(result.delays()),
        wait(result.retries()),
        String.format(
            Locale.ROOT,
            "%,.0f, up to %,d",
            result.memory().meanBytes(),
            result.memory().largestBytes()),
        String.format(Locale.ROOT, "%,.0f", result.nanosPerCheck()));
  }

  private static String denied(Result result) {
    String denied = String.format(Locale.ROOT, "%,d", result.denied());
    return result.overlooked() == 0
        ? denied
        : String.format(Locale.ROOT, "%s, %,d in shadow or quota", denied, result.overlooked());
  }

  private static String wait(WaitSummary waits) {
    return waits.count() == 0
        ? "-"
        : Spans.brief(waits.median()) + ", up to " + Spans.brief(waits.longest());
  }
}
