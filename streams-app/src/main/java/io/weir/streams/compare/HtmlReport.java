package io.weir.streams.compare;

import java.util.List;

/**
 * Comparisons as a page that stands for itself: no script, nothing loaded, light or dark as the
 * reader has it, as narrow as a phone. Pure.
 */
public final class HtmlReport {
  private static final String STYLE =
      """
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 72rem; padding: 1rem; color: var(--text);
        background: var(--ground); font: 16px/1.5 system-ui, sans-serif; }
      .grid { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
      .wide { grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); }
      figure { margin: 0; } figcaption { font-weight: 600; } figure p { margin: 0; font-size: 14px; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; font-size: 14px; } th, td { padding: .2rem .8rem .2rem 0; text-align: right;
        border-bottom: 1px solid var(--faint); white-space: nowrap; }
      th:first-child, td:first-child { text-align: left; }
      svg { width: 100%; height: auto; }
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
        .append(Svg.STYLE)
        .append(STYLE)
        .append("</style></head><body>\n<h1>Weir compare: ")
        .append(Html.escape(heading))
        .append("</h1>\n")
        .append(
            "<p>Grey is what was asked for; the line is what was admitted, drawn when it goes on. A")
        .append(
            " leaky bucket delays what it admits: what goes on after the end of a plot is in the table")
        .append(" only. Each figure comes from the algorithms that Weir runs.</p>\n");
    comparisons.forEach(comparison -> section(page, comparison));
    return page.append("</body></html>\n").toString();
  }

  private static void section(StringBuilder page, Comparison comparison) {
    page.append("<section><h2>")
        .append(Html.escape(comparison.traffic()))
        .append("</h2>\n<p>")
        .append(Html.escape(comparison.description()))
        .append("</p>\n<div class=\"grid\">");
    Plots.overTime(comparison).forEach(plot -> figure(page, plot));
    page.append("</div>\n<div class=\"grid wide\">");
    Plots.measures(comparison).forEach(plot -> figure(page, plot));
    page.append("</div>\n");
    for (Comparison.LeftOut leftOut : comparison.leftOut()) {
      page.append("<p>").append(Html.escape(leftOut.sentence())).append("</p>\n");
    }
    table(page, comparison);
    page.append("</section>\n");
  }

  private static void figure(StringBuilder page, Plots.Plot plot) {
    page.append("<figure><figcaption>")
        .append(Html.escape(plot.caption()))
        .append("</figcaption>")
        .append(plot.note().isEmpty() ? "" : "<p>" + Html.escape(plot.note()) + "</p>")
        .append(plot.drawing().element())
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
}
