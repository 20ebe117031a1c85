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
    /** It does not count: another algorithm takes over its state. */
    FRESH,
    /** Nothing counts it now; where its limit comes back before it expires, it counts again. */
    REMEMBERED
  }
}
