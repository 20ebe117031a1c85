package io.weir.streams.cli.rules;

/**
 * What becomes of what was used under a limit that changes.
 *
 * @param kind what, in a word
 * @param text the same for people
 */
record Usage(Kind kind, String text) {

  /** What, in a word. */
  enum Kind {
    /** It counts under the new rules. */
    KEPT,
    /** It does not count any more, and never will again. */
    FRESH,
    /** Nothing counts it now; the limit finds it again where it comes back before it expires. */
    REMEMBERED
  }
}
