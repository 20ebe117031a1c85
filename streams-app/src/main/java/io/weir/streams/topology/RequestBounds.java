package io.weir.streams.topology;

/**
 * How large the parts of a request may be, and what rules add to them. What goes out repeats what
 * came in, the identifier and state keys several times over, and a record that the broker refuses
 * would stop its partition: so what comes in is bounded such that a decision stays far below the
 * usual 1 MB.
 */
public final class RequestBounds {
  /** As RequestEvent's schema says. */
  static final int MAX_REQUEST_ID_CHARS = 512;

  static final int MAX_ATTRIBUTES = 64;

  /** Keys and values of all attributes together. */
  static final int MAX_ATTRIBUTES_CHARS = 64 * 1024;

  static final int MAX_IDENTIFIER_BYTES = 1_024;

  static final int MAX_LIMITS = 64;

  /** State keys of all limits together. */
  static final int MAX_STATE_KEYS_CHARS = 128 * 1024;

  /** Names of the rules of all limits together: a rule without one goes by its path. */
  static final int MAX_RULE_NAMES_CHARS = 128 * 1024;

  private RequestBounds() {}

  /** The text, cut where it is longer; never inside a surrogate pair. */
  public static String cut(String text, int maxChars) {
    if (text.length() <= maxChars) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
    return text.substring(0, end);
  }
}
