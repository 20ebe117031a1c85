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
          "ADMITTED",
          "DENIED",
          "MOST IN A WINDOW",
          "TURN AFTER",
          "RETRY AFTER",
          "BYTES A KEY",
          "NS A CHECK");

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
            "%.0f, up to %,d",
            result.memory().meanBytes(),
            result.memory().largestBytes()),
        String.format(Locale.ROOT, "%.0f", result.nanosPerCheck()));
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
