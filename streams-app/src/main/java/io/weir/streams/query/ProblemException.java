package io.weir.streams.query;

/** A question that cannot be answered, and why; the HTTP door turns it into problem+json. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ProblemKind kind;

  /**
   * A problem of a kind.
   *
   * @param detail a sentence that the caller may read: what was wrong and what would be right
   */
  public ProblemException(ProblemKind kind, String detail) {
    super(detail);
    this.kind = kind;
  }

  /** As above, with the exception that led to it, which the caller does not get to see. */
  public ProblemException(ProblemKind kind, String detail, Throwable cause) {
    super(detail, cause);
    this.kind = kind;
  }

  /** What kind of problem it is. */
  public ProblemKind kind() {
    return kind;
  }

  /** What was wrong here, in a sentence. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
