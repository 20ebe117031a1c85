package io.weir.streams.cli;

/** Text of others as it may stand on a terminal, which acts on control characters. */
final class Printable {
  /** What Unicode has for characters that cannot be shown. */
  private static final char REPLACEMENT = '\uFFFD';

  private Printable() {}

  /** Whether a terminal shows it as it is. */
  static boolean is(String text) {
    return text.chars().noneMatch(Character::isISOControl);
  }

  /** The text in a line, with signs in the place of what a terminal would act on. */
  static String of(String text) {
    if (is(text)) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (Character.isWhitespace(each)) {
        shown.append(' ');
      } else {
        shown.append(Character.isISOControl(each) ? REPLACEMENT : each);
      }
    }
    return shown.toString();
  }
}
