package io.weir.streams.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** A table of left-aligned columns, as wide as their contents. Not thread-safe. */
public final class TextTable {
  private static final String GAP = "  ";

  private final Ansi ansi;
  private final List<List<Cell>> rows = new ArrayList<>();

  /** A table with a line of headings. */
  public TextTable(Ansi ansi, String... headings) {
    this.ansi = ansi;
    rows.add(List.of(headings).stream().map(heading -> Cell.styled("bold", heading)).toList());
  }

  /**
   * A cell.
   *
   * @param style picocli's name of a style or colour, or empty
   * @param text what stands in it, without control characters
   */
  public record Cell(String style, String text) {
    /** Takes out of the text what a terminal would act on. */
    public Cell {
      text = Printable.of(text);
    }

    /** Text as it is. */
    public static Cell plain(Object text) {
      return new Cell("", String.valueOf(text));
    }

    /** Text in a style, on a terminal. */
    public static Cell styled(String style, Object text) {
      return new Cell(style, String.valueOf(text));
    }

    private String render(Ansi ansi, int width) {
      String padded = text + " ".repeat(width - text.length());
      return style.isEmpty() || !ansi.enabled()
          ? padded
          : Help.defaultColorScheme(ansi)
              .apply(padded, List.of(Ansi.Style.parse(style)))
              .toString();
    }
  }

  /** Adds a line. */
  public void add(Cell... cells) {
    rows.add(List.of(cells));
  }

  /** Prints the table. */
  public void print(PrintWriter out) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    rows.forEach(
        row -> {
          for (int i = 0; i < row.size(); i++) {
            widths[i] = Math.max(widths[i], row.get(i).text().length());
          }
        });
    for (List<Cell> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(i == 0 ? "" : GAP);
        // The last column is not padded: no blanks at the end of lines.
        line.append(
            row.get(i).render(ansi, i == row.size() - 1 ? row.get(i).text().length() : widths[i]));
      }
      out.println(line.toString().stripTrailing());
    }
    out.flush();
  }
}
