package io.weir.streams.cli.compare;

import io.weir.streams.cli.Overwriting;
import io.weir.streams.compare.Comparison;
import io.weir.streams.compare.Result;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The contenders one below the other on a terminal while they judge: what was asked for and what
 * went on in each part of the time so far, and the sums. Each printing replaces the last one. Not
 * thread-safe.
 */
final class LiveView {
  private static final String LEVELS = " ▁▂▃▄▅▆▇█";
  private static final int SHOWN = 28;
  private static final int NAME_WIDTH = 23;

  private final PrintWriter out;
  private int lines;

  LiveView(PrintWriter out) {
    this.out = out;
  }

  /**
   * Shows how far it is.
   *
   * @param parts of all of the traffic that are over
   * @param all how many there are
   */
  void show(Comparison sofar, int parts, int all) {
    clear();
    List<Long> offered = upTo(sofar.offeredByBin(), parts);
    long most = offered.stream().mapToLong(Long::longValue).max().orElse(0);
    out.print(Overwriting.CUT);
    line(
        String.format(
            Locale.ROOT,
            "%-" + NAME_WIDTH + "s%3d %%  %s",
            sofar.traffic(),
            100 * parts / all,
            sofar.description()));
    line(row("asked for", offered, most, "allowed of all, most in a window"));
    for (Result result : sofar.results()) {
      line(
          row(
              result.contender(),
              upTo(result.admittedByBin(), parts),
              most,
              String.format(
                  Locale.ROOT,
                  "%,d of %,d, %.2f ×",
                  result.requests() - result.denied(),
                  result.requests(),
                  result.worst().ratio())));
    }
    out.print(Overwriting.WRAP);
    out.flush();
  }

  /** Takes it away. */
  void clear() {
    if (lines > 0) {
      out.print(Overwriting.away(lines));
      out.flush();
      lines = 0;
    }
  }

  private void line(String text) {
    out.println(text.stripTrailing());
    lines++;
  }

  private static String row(String name, List<Long> values, long most, String sums) {
    String bars =
        values.stream()
            .map(value -> String.valueOf(LEVELS.charAt(level(value, most))))
            .collect(Collectors.joining());
    return String.format(Locale.ROOT, "%-" + NAME_WIDTH + "s%-" + SHOWN + "s %s", name, bars, sums);
  }

  /** Nothing is blank, and the least that is something is to be seen. */
  private static int level(long value, long most) {
    int highest = LEVELS.length() - 1;
    return value == 0 || most == 0
        ? 0
        : (int) Math.min(highest, Math.max(1, Math.round((double) value / most * highest)));
  }

  private static List<Long> upTo(List<Long> bins, int parts) {
    return bins.subList(Math.max(0, parts - SHOWN), parts);
  }
}
