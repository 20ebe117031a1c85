package io.weir.streams.topology;

/**
 * A request that makes no sense, with a sentence that says why. Without a stack trace: it tells
 * about data, not about code, and bad data can come in numbers.
 */
final class InvalidRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Problem problem;

  InvalidRecordException(Problem problem, String message) {
    super(message, null, false, false);
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
