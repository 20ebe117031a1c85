package io.weir.streams.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
   */
  record Plot(String name, String caption, Svg.Drawing drawing) {}

  /**
   * The plots as files that need nothing else: SVG, each by its name.
   *
   * @param comparison what they are of; the names begin with its traffic
   */
  public static Map<String, String> files(Comparison comparison) {
    Map<String, String> files = new LinkedHashMap<>();
    // Traffic may be the path of a file.
    String traffic =
        comparison.traffic().replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-|-$", "");
    List<Plot> overTime = overTime(comparison);
    Svg.Drawing together =
        Svg.grid(
            comparison.traffic() + ": admitted against offered",
            overTime.stream().map(Plot::caption).toList(),
            overTime.stream().map(Plot::drawing).toList());
    files.put(traffic + "-over-time.svg", together.file());
    for (Plot plot : measures(comparison)) {
      files.put("%s-%s.svg".formatted(traffic, plot.name()), plot.drawing().file());
    }
    return files;
  }

  /** What each contender let go on, against what was asked for. */
  static List<Plot> overTime(Comparison comparison) {
    List<Long> all = new ArrayList<>(comparison.offeredByBin());
    comparison.results().forEach(result -> all.addAll(result.admittedByBin()));
    long most = all.stream().mapToLong(Long::longValue).max().orElse(0);
    Bins bins = comparison.bins();
    String length = seconds(bins.widthMillis() * bins.count());
    return comparison.results().stream()
        .map(
            result ->
                new Plot(
                    result.contender(),
                    result.contender(),
                    Svg.overTime(
                        "%s: admitted against offered, tokens each %s"
                            .formatted(result.contender(), Duration.ofMillis(bins.widthMillis())),
                        comparison.offeredByBin(),
                        result.admittedByBin(),
                        most,
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
            result ->
                bar(
                    result,
                    result.worst().ratio(),
                    String.format(Locale.ROOT, "%.2f ×", result.worst().ratio()))),
        chart(
            comparison,
            "turn-after",
            "Wait of admitted requests for their turn: median, longest",
            result -> bar(result, result.delays())),
        chart(
            comparison,
            "retry-after",
            "Wait that denied requests were told: median, longest",
            result -> bar(result, result.retries())),
        chart(
            comparison,
            "memory",
            "Memory for each key: mean, largest",
            result ->
                new Svg.Bar(
                    result.contender(),
                    result.memory().meanBytes(),
                    result.memory().largestBytes(),
                    String.format(
                        Locale.ROOT,
                        "%.0f, %d bytes",
                        result.memory().meanBytes(),
                        result.memory().largestBytes()))),
        chart(
            comparison,
            "check-cost",
            "Cost of a check",
            result ->
                bar(
                    result,
                    result.nanosPerCheck(),
                    String.format(Locale.ROOT, "%.0f ns", result.nanosPerCheck()))));
  }

  private static Plot chart(
      Comparison comparison, String name, String caption, Function<Result, Svg.Bar> bar) {
    return new Plot(
        name, caption, Svg.bars(caption, comparison.results().stream().map(bar).toList()));
  }

  private static Svg.Bar bar(Result result, double value, String text) {
    return new Svg.Bar(result.contender(), value, value, text);
  }

  private static Svg.Bar bar(Result result, WaitSummary waits) {
    String text =
        waits.count() == 0 ? "none" : millis(waits.median()) + ", " + millis(waits.longest());
    return new Svg.Bar(result.contender(), waits.median(), waits.longest(), text);
  }

  private static String millis(long millis) {
    return millis < 10_000 ? millis + " ms" : seconds(millis);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
  }
}
