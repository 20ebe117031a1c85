package io.weir.streams.app;

/**
 * What the failure of a stream thread means for the application.
 *
 * @param kind what is to be done about it
 * @param sentence what failed, for people
 */
record Failure(Kind kind, String sentence) {

  /** What is to be done about a failure. */
  enum Kind {
    /** Something that Weir needs is down: wait and go on, for as long as it takes. */
    OUTAGE,
    /** It may pass: replace the thread, but not for ever. */
    PASSING,
    /** It would come again: end the process and say why. */
    FATAL
  }
}
