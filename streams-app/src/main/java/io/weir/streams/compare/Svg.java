package io.weir.streams.compare;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** Plots as SVG, light or dark as the reader has it. Pure. */
final class Svg {
  /** Colours and lines, of a page and of a picture that stands for itself. */
  static final String STYLE =
      """
      :root { color-scheme: light dark; --text: #1b1f24; --ground: #ffffff; --faint: #d0d7de;
        --offered: #d0d7de; --admitted: #0b6bcb; --rest: #a8cdf0; }
      @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --ground: #0d1117;
        --faint: #3d444d; --offered: #3d444d; --admitted: #58a6ff; --rest: #1f4b7a; } }
      svg text { font-size: 11px; fill: var(--text); }
      svg .label { text-anchor: end; } svg .unit { text-anchor: middle; }
      svg .axis { fill: none; stroke: var(--faint); }
      svg .mark { fill: none; stroke: var(--text); stroke-dasharray: 3 2; }
      svg .offered { fill: var(--offered); } svg .admitted { fill: none; stroke: var(--admitted);
        stroke-width: 1.5; } svg .bar { fill: var(--admitted); } svg .rest { fill: var(--rest); }
      """;

  private static final int WIDTH = 320;
  private static final int HEIGHT = 120;
  private static final int LEFT = 40;
  private static final int BOTTOM = 18;
  private static final int TOP = 8;
  private static final int BAR_HEIGHT = 20;
  private static final int LABELS = 150;
  private static final int BARS = 200;
  private static final int COLUMNS = 3;
  private static final int CAPTION = 20;
  private static final int GAP = 12;

  private Svg() {}

  /**
   * Something drawn.
   *
   * @param title what it shows, in words
   * @param width in units that are pixels where there is room, as is the height
   * @param shapes the elements
   */
  record Drawing(String title, int width, int height, String shapes) {

    /** As an element of a page, which has the {@link #STYLE}. */
    String element() {
      return "<svg " + frame() + "><title>" + Html.escape(title) + "</title>" + shapes + "</svg>";
    }

    /** As a file. It has a ground, as one cannot know what it is shown on. */
    String file() {
      return String.format(
          Locale.ROOT,
          """
          <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" %s><title>%s</title>
          <style>
          svg { font-family: system-ui, sans-serif; }
          %s</style>
          <rect width="100%%" height="100%%" style="fill: var(--ground)"/>
          %s
          </svg>
          """,
          width,
          height,
          frame(),
          Html.escape(title),
          STYLE,
          shapes);
    }

    private String frame() {
      return String.format(Locale.ROOT, "viewBox=\"0 0 %d %d\" role=\"img\"", width, height);
    }
  }

  /**
   * A bar of a chart.
   *
   * @param label what it is of
   * @param value how long it is, 0 or more
   * @param most how far a lighter part of it goes on; the value where there is none
   * @param text what stands behind it
   */
  record Bar(String label, double value, double most, String text) {}

  /**
   * What was offered as an area, and what was admitted as a line, over time.
   *
   * @param most where the axis ends
   * @param unit what is counted
   * @param length how long the time is
   */
  static Drawing overTime(
      String title,
      List<Long> offered,
      List<Long> admitted,
      long most,
      String unit,
      String length) {
    Formatter svg = new Formatter(Locale.ROOT);
    axes(svg, most, unit, length);
    svg.format("<path class=\"offered\" d=\"M%d %d", LEFT, HEIGHT - BOTTOM);
    steps(svg, offered, most);
    svg.format(" V%d Z\"/>", HEIGHT - BOTTOM);
    svg.format("<path class=\"admitted\" d=\"M%d %d", LEFT, HEIGHT - BOTTOM);
    steps(svg, admitted, most);
    svg.format("\"/>");
    return new Drawing(title, WIDTH, HEIGHT, svg.toString());
  }

  /**
   * One bar below the other, the longest as wide as there is room.
   *
   * @param mark a value that a line is drawn at; 0 for none
   */
  static Drawing bars(String title, List<Bar> bars, double mark) {
    double most = Math.max(mark, bars.stream().mapToDouble(Bar::most).max().orElse(0));
    int height = bars.size() * BAR_HEIGHT + 4;
    Formatter svg = new Formatter(Locale.ROOT);
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = i * BAR_HEIGHT + 2;
      double full = width(bar.most(), most);
      svg.format(
          "<text x=\"%d\" y=\"%d\" class=\"label\">%s</text>",
          LABELS - 8, y + 14, Html.escape(bar.label()));
      if (bar.most() > bar.value()) {
        bar(svg, "rest", y, full);
      }
      bar(svg, "bar", y, width(bar.value(), most));
      svg.format(
          "<text x=\"%s\" y=\"%d\">%s</text>",
          number(LABELS + full + 6), y + 14, Html.escape(bar.text()));
    }
    if (mark > 0) {
      double x = LABELS + width(mark, most);
      svg.format("<path class=\"mark\" d=\"M%s 0 V%d\"/>", number(x), height);
    }
    return new Drawing(title, LABELS + WIDTH, height, svg.toString());
  }

  private static double width(double value, double most) {
    return Math.max(1, most == 0 ? 0 : value / most * BARS);
  }

  private static void bar(Formatter svg, String look, int y, double width) {
    svg.format(
        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\"/>",
        look, LABELS, y + 2, number(width), BAR_HEIGHT - 4);
  }

  /** Drawings of one size side by side, each below its caption. */
  static Drawing grid(String title, List<String> captions, List<Drawing> drawings) {
    int width = drawings.stream().mapToInt(Drawing::width).max().orElse(0) + GAP;
    int height = drawings.stream().mapToInt(Drawing::height).max().orElse(0) + CAPTION + GAP;
    int columns = Math.min(COLUMNS, drawings.size());
    int rows = (drawings.size() + COLUMNS - 1) / COLUMNS;
    Formatter svg = new Formatter(Locale.ROOT);
    for (int i = 0; i < drawings.size(); i++) {
      svg.format(
          "<g transform=\"translate(%d %d)\"><text x=\"%d\" y=\"14\">%s</text>",
          i % COLUMNS * width, i / COLUMNS * height, LEFT, Html.escape(captions.get(i)));
      svg.format(
          "<g transform=\"translate(0 %d)\">%s</g></g>\n", CAPTION, drawings.get(i).shapes());
    }
    return new Drawing(title, columns * width, rows * height, svg.toString().stripTrailing());
  }

  private static void axes(Formatter svg, long most, String unit, String length) {
    int base = HEIGHT - BOTTOM;
    svg.format("<path class=\"axis\" d=\"M%d %d V%d H%d\"/>", LEFT, TOP, base, WIDTH);
    svg.format(
        "<text x=\"%d\" y=\"%d\" class=\"label\">%s</text>", LEFT - 4, TOP + 6, Counts.brief(most));
    svg.format("<text x=\"%d\" y=\"%d\" class=\"label\">0</text>", LEFT - 4, base);
    svg.format("<text x=\"%d\" y=\"%d\">0s</text>", LEFT, HEIGHT - 4);
    svg.format(
        "<text x=\"%d\" y=\"%d\" class=\"unit\">%s</text>",
        (LEFT + WIDTH) / 2, HEIGHT - 4, Html.escape(unit));
    svg.format(
        "<text x=\"%d\" y=\"%d\" class=\"label\">%s</text>",
        WIDTH, HEIGHT - 4, Html.escape(length));
  }

  /** For each value up or down to it, and on to where the next one begins. */
  private static void steps(Formatter svg, List<Long> values, long most) {
    double base = HEIGHT - BOTTOM;
    for (int i = 0; i < values.size(); i++) {
      double y = base - (most == 0 ? 0 : (double) values.get(i) / most * (base - TOP));
      double x = LEFT + (i + 1.0) / values.size() * (WIDTH - LEFT);
      svg.format(" V%s H%s", number(y), number(x));
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
