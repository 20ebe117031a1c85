package io.weir.streams.topology;

/**
 * A request that makes no sense, with a sentence that says why. Without a stack trace: it tells
 * about data, not about code, and bad data can come in numbers.
 */
final class InvalidRecordException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_MESSAGE_CHARS = 1_024;

  private final Problem problem;

  /**
   * Names the problem.
   *
   * @param message one sentence; cut where it is very long, as it goes out in decisions
   */
  InvalidRecordException(Problem problem, String message) {
    super(RequestBounds.cut(message, MAX_MESSAGE_CHARS), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }

  /** The sentence; never null, unlike that of other exceptions. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
