package io.weir.limiter.words;

import java.util.stream.Collectors;

/**
 * Makes what somebody wrote fit for a message of one line. Stateless and thread-safe. Public for
 * Weir's own packages, and no part of what the library is for.
 */
public final class Quoted {
  /** Longer than anybody writes, and short enough to be read. */
  private static final int MAX_CHARS = 400;

  private Quoted() {}

  /**
   * The text, its characters that are not to be seen written out ({@code \n}, <code>&#92;u0000
   * </code>), and of a long one the beginning and how long it is.
   */
  public static String text(String text) {
    if (text.length() > MAX_CHARS) {
      return seen(text.substring(0, MAX_CHARS)) + "… (" + text.length() + " characters)";
    }
    return seen(text);
  }

  /** Whether all its characters are to be seen. */
  public static boolean isSeen(String text) {
    return text.chars().noneMatch(Character::isISOControl);
  }

  private static String seen(String text) {
    return isSeen(text)
        ? text
        : text.chars().mapToObj(c -> seen((char) c)).collect(Collectors.joining());
  }

  private static String seen(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c);
    };
  }
}
