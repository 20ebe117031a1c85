package io.weir.streams.cli;

/** What a terminal is told so that lines replace those printed before. */
public final class Overwriting {
  /** Lines wider than the terminal are cut: wrapped ones would be more lines than to go up. */
  public static final String CUT = "\u001b[?7l";

  /** Lines are wrapped again. */
  public static final String WRAP = "\u001b[?7h";

  private Overwriting() {}

  /** Up so many lines, and away with what stands there. */
  public static String away(int lines) {
    return "\u001b[" + lines + "A\u001b[J";
  }
}
