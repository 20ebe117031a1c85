package io.weir.streams.compare;

import java.util.List;
import java.util.Locale;

/** Plots as SVG, whose colours are the page's. Pure. */
final class Svg {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 120;
  private static final int LEFT = 40;
  private static final int BOTTOM = 18;
  private static final int TOP = 8;
  private static final int BAR_HEIGHT = 20;
  private static final int LABELS = 150;
  private static final int VALUES = 84;

  private Svg() {}

  /**
   * A bar of a chart.
   *
   * @param label what it is of
   * @param value how long it is, 0 or more
   * @param text what stands behind it
   */
  record Bar(String label, double value, String text) {}

  /** What was offered as an area, and what was admitted as a line, over time. */
  static String overTime(
      String title, List<Long> offered, List<Long> admitted, long most, String length) {
    StringBuilder svg = open(title, WIDTH, HEIGHT);
    axes(svg, most, length);
    svg.append("<path class=\"offered\" d=\"M%s ".formatted(point(0, 0, offered.size(), most)));
    steps(svg, offered, most);
    svg.append(" L%s Z\"/>".formatted(point(offered.size(), 0, offered.size(), most)));
    svg.append("<path class=\"admitted\" d=\"M%s ".formatted(point(0, 0, admitted.size(), most)));
    steps(svg, admitted, most);
    return svg.append("\"/></svg>").toString();
  }

  /** One bar below the other, the longest as wide as there is room. */
  static String bars(String title, List<Bar> bars) {
    double most = bars.stream().mapToDouble(Bar::value).max().orElse(0);
    int height = bars.size() * BAR_HEIGHT + 4;
    StringBuilder svg = open(title, WIDTH + LABELS, height);
    int room = WIDTH - VALUES;
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      double width = most == 0 ? 0 : bar.value() / most * room;
      int y = i * BAR_HEIGHT + 2;
      svg.append(
          "<text x=\"%d\" y=\"%d\" class=\"label\">%s</text>"
              .formatted(LABELS - 8, y + 14, Html.escape(bar.label())));
      svg.append(
          "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\"/>"
              .formatted(LABELS, y + 2, number(Math.max(width, 1)), BAR_HEIGHT - 4));
      svg.append(
          "<text x=\"%s\" y=\"%d\">%s</text>"
              .formatted(number(LABELS + width + 6), y + 14, Html.escape(bar.text())));
    }
    return svg.append("</svg>").toString();
  }

  private static StringBuilder open(String title, int width, int height) {
    return new StringBuilder()
        .append(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\"><title>%s</title>"
                .formatted(width, height, Html.escape(title)));
  }

  private static void axes(StringBuilder svg, long most, String length) {
    int base = HEIGHT - BOTTOM;
    svg.append("<path class=\"axis\" d=\"M%d %d V%d H%d\"/>".formatted(LEFT, TOP, base, WIDTH));
    svg.append(
        "<text x=\"%d\" y=\"%d\" class=\"label\">%d</text>".formatted(LEFT - 4, TOP + 6, most));
    svg.append("<text x=\"%d\" y=\"%d\" class=\"label\">0</text>".formatted(LEFT - 4, base));
    svg.append("<text x=\"%d\" y=\"%d\">0 s</text>".formatted(LEFT, HEIGHT - 4));
    svg.append(
        "<text x=\"%d\" y=\"%d\" class=\"label\">%s</text>"
            .formatted(WIDTH, HEIGHT - 4, Html.escape(length)));
  }

  private static void steps(StringBuilder svg, List<Long> values, long most) {
    for (int i = 0; i < values.size(); i++) {
      svg.append('L').append(point(i, values.get(i), values.size(), most)).append(' ');
      svg.append('L').append(point(i + 1, values.get(i), values.size(), most)).append(' ');
    }
  }

  private static String point(int bin, long value, int bins, long most) {
    double x = LEFT + (double) bin / bins * (WIDTH - LEFT);
    double base = HEIGHT - BOTTOM;
    double y = base - (most == 0 ? 0 : (double) value / most * (base - TOP));
    return number(x) + " " + number(y);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
