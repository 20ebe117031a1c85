package io.weir.streams.compare;

import io.weir.limiter.words.Spans;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The plots of a comparison: over time for each contender, and for each measure a chart with a bar
 * for each. Pure.
 */
public final class Plots {
  private Plots() {}

  /**
   * A plot.
   *
   * @param name what a file of it is called, without what it ends in
   * @param caption the line above it
   * @param note what the caption leaves open, one sentence; may be empty
   */
  record Plot(String name, String caption, String note, Svg.Drawing drawing) {}

  /**
   * The plots as files that need nothing else: SVG, each by its name.
   *
   * @param comparisons what they are of; the names begin with the traffic
   */
  public static Map<String, String> files(List<Comparison> comparisons) {
    Map<String, String> files = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (Comparison comparison : comparisons) {
      // Traffic may be the path of a file, and two may become one word.
      String traffic =
          comparison.traffic().replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-|-$", "");
      String name = traffic;
      for (int number = 2; !taken.add(name); number++) {
        name = traffic + "-" + number;
      }
      files.put(name + "-over-time.svg", together(comparison).file());
      for (Plot plot : measures(comparison)) {
        files.put(name + "-" + plot.name() + ".svg", plot.drawing().file());
      }
    }
    return files;
  }

  private static Svg.Drawing together(Comparison comparison) {
    List<Plot> plots = overTime(comparison);
    return Svg.grid(
        comparison.traffic() + ": admitted against offered",
        plots.stream().map(Plot::caption).toList(),
        plots.stream().map(Plot::drawing).toList());
  }

  /** What each contender let go on, against what was asked for. */
  static List<Plot> overTime(Comparison comparison) {
    List<Long> all = new ArrayList<>(comparison.offeredByBin());
    comparison.results().forEach(result -> all.addAll(result.admittedByBin()));
    long most = all.stream().mapToLong(Long::longValue).max().orElse(0);
    Bins bins = comparison.bins();
    String length = Spans.brief(bins.widthMillis() * bins.count());
    String unit = "tokens each " + Spans.brief(bins.widthMillis());
    return comparison.results().stream()
        .map(
            result ->
                new Plot(
                    result.contender(),
                    result.contender(),
                    "",
                    Svg.overTime(
                        result.contender() + ": admitted against offered, " + unit,
                        comparison.offeredByBin(),
                        result.admittedByBin(),
                        most,
                        unit,
                        length)))
        .toList();
  }

  /** A chart for each measure. */
  static List<Plot> measures(Comparison comparison) {
    return List.of(
        chart(
            comparison,
            "worst-window",
            "Most in any window, against the limit",
            "What one key had within one period of a limit, wherever it starts, by when requests go on;"
                + " of several limits, of the one that let most through. The line is the limit.",
            1,
            result ->
                bar(
                    result,
                    result.worst().ratio(),
                    String.format(Locale.ROOT, "%.2f ×", result.worst().ratio()))),
        chart(
            comparison,
            "turn-after",
            "Wait of admitted requests for their turn: median, longest",
            "Of those that had to wait; only a leaky bucket gives turns.",
            result -> bar(result, result.delays())),
        chart(
            comparison,
            "retry-after",
            "Wait that denied requests were told: median, longest",
            "After so long the same request would be admitted if nothing else came.",
            result -> bar(result, result.retries())),
        chart(
            comparison,
            "memory",
            "Memory for each key: mean, largest",
            "Rows as they are stored, without their keys: at the end, and at any time.",
            result ->
                new Svg.Bar(
                    result.contender(),
                    result.memory().meanBytes(),
                    result.memory().largestBytes(),
                    String.format(
                        Locale.ROOT,
                        "%,.0f, %,d bytes",
                        result.memory().meanBytes(),
                        result.memory().largestBytes()))),
        chart(
            comparison,
            "check-cost",
            "Cost of a check",
            "The judge's own time with rows on the heap; of this machine, to be held against each"
                + " other.",
            result ->
                bar(
                    result,
                    result.nanosPerCheck(),
                    String.format(Locale.ROOT, "%,.0f ns", result.nanosPerCheck()))));
  }

  private static Plot chart(
      Comparison comparison,
      String name,
      String caption,
      String note,
      Function<Result, Svg.Bar> bar) {
    return chart(comparison, name, caption, note, 0, bar);
  }

  private static Plot chart(
      Comparison comparison,
      String name,
      String caption,
      String note,
      double mark,
      Function<Result, Svg.Bar> bar) {
    List<Svg.Bar> bars = comparison.results().stream().map(bar).toList();
    return new Plot(name, caption, note, Svg.bars(caption, bars, mark));
  }

  private static Svg.Bar bar(Result result, double value, String text) {
    return new Svg.Bar(result.contender(), value, value, text);
  }

  private static Svg.Bar bar(Result result, WaitSummary waits) {
    String text =
        waits.count() == 0
            ? "none"
            : Spans.brief(waits.median()) + ", " + Spans.brief(waits.longest());
    return new Svg.Bar(result.contender(), waits.median(), waits.longest(), text);
  }
}
