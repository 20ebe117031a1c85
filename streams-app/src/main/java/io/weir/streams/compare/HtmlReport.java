package io.weir.streams.compare;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Comparisons as a page that stands for itself: no script, nothing loaded, light or dark as the
 * reader has it, as narrow as a phone. Pure.
 */
public final class HtmlReport {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --text: #1b1f24; --ground: #ffffff; --faint: #d0d7de;
        --offered: #d0d7de; --admitted: #0b6bcb; }
      @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --ground: #0d1117;
        --faint: #3d444d; --offered: #3d444d; --admitted: #58a6ff; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 72rem; padding: 1rem; color: var(--text);
        background: var(--ground); font: 16px/1.5 system-ui, sans-serif; }
      .grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
      .wide { grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); }
      figure { margin: 0; } figcaption { font-weight: 600; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; } th, td { padding: .2rem .8rem .2rem 0; text-align: right;
        border-bottom: 1px solid var(--faint); white-space: nowrap; }
      th:first-child, td:first-child { text-align: left; }
      svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: var(--text); }
      svg .label { text-anchor: end; } svg .axis { fill: none; stroke: var(--faint); }
      svg .offered { fill: var(--offered); } svg .admitted { fill: none; stroke: var(--admitted);
        stroke-width: 1.5; } svg .bar { fill: var(--admitted); }
      """;

  private HtmlReport() {}

  /**
   * The page.
   *
   * @param heading what is compared under which limit, one line
   * @param comparisons one section for each
   */
  public static String of(String heading, List<Comparison> comparisons) {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        // A browser asks for an icon by itself, and a file has none.
        .append("<link rel=\"icon\" href=\"data:,\">")
        .append("<title>Weir: ")
        .append(Html.escape(heading))
        .append("</title><style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>")
        .append(Html.escape(heading))
        .append("</h1>\n")
        .append(
            "<p>Grey is what was asked for, the line what went on. A leaky bucket lets requests")
        .append(
            " go on in their turn. Each figure comes from the algorithms that Weir runs.</p>\n");
    comparisons.forEach(comparison -> section(page, comparison));
    return page.append("</body></html>\n").toString();
  }

  private static void section(StringBuilder page, Comparison comparison) {
    page.append("<section><h2>")
        .append(Html.escape(comparison.traffic()))
        .append("</h2>\n<p>")
        .append(Html.escape(comparison.description()))
        .append("</p>\n<div class=\"grid\">");
    long most =
        Math.max(
            largest(comparison.offeredByBin()),
            comparison.results().stream()
                .mapToLong(result -> largest(result.admittedByBin()))
                .max()
                .orElse(0));
    Bins bins = comparison.bins();
    String length = seconds(bins.widthMillis() * bins.count());
    for (Result result : comparison.results()) {
      figure(
          page,
          result.contender(),
          Svg.overTime(
              result.contender()
                  + ": admitted against offered, tokens each "
                  + Duration.ofMillis(bins.widthMillis()),
              comparison.offeredByBin(),
              result.admittedByBin(),
              most,
              length));
    }
    page.append("</div>\n<div class=\"grid wide\">");
    bars(
        page,
        comparison,
        "Most in any window, against the limit",
        it -> it.worst().ratio(),
        it -> String.format(Locale.ROOT, "%.2f ×", it.worst().ratio()));
    bars(
        page,
        comparison,
        "Longest wait of an admitted request",
        it -> it.delays().longest(),
        it -> millis(it.delays().longest()));
    bars(
        page,
        comparison,
        "Longest wait that a denied request was told",
        it -> it.retries().longest(),
        it -> millis(it.retries().longest()));
    bars(
        page,
        comparison,
        "Memory for each key, largest",
        it -> it.memory().largestBytes(),
        it -> it.memory().largestBytes() + " B");
    bars(
        page,
        comparison,
        "Cost of a check",
        Result::nanosPerCheck,
        it -> String.format(Locale.ROOT, "%.0f ns", it.nanosPerCheck()));
    page.append("</div>\n");
    table(page, comparison);
    page.append("</section>\n");
  }

  private static void bars(
      StringBuilder page,
      Comparison comparison,
      String title,
      ToDoubleFunction<Result> value,
      Function<Result, String> text) {
    figure(
        page,
        title,
        Svg.bars(
            title,
            comparison.results().stream()
                .map(
                    result ->
                        new Svg.Bar(
                            result.contender(), value.applyAsDouble(result), text.apply(result)))
                .toList()));
  }

  private static void figure(StringBuilder page, String caption, String svg) {
    page.append("<figure><figcaption>")
        .append(Html.escape(caption))
        .append("</figcaption>")
        .append(svg)
        .append("</figure>\n");
  }

  private static void table(StringBuilder page, Comparison comparison) {
    page.append("<div class=\"scroll\"><table><thead><tr>");
    ComparisonTable.HEADINGS.forEach(
        heading -> page.append("<th>").append(Html.escape(heading)).append("</th>"));
    page.append("</tr></thead><tbody>");
    for (Result result : comparison.results()) {
      page.append("<tr>");
      ComparisonTable.cells(result)
          .forEach(cell -> page.append("<td>").append(Html.escape(cell)).append("</td>"));
      page.append("</tr>");
    }
    page.append("</tbody></table></div>\n");
  }

  private static long largest(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
  }

  private static String millis(long millis) {
    return millis < 10_000 ? millis + " ms" : seconds(millis);
  }
}
