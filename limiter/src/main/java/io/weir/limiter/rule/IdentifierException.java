package io.weir.limiter.rule;

/**
 * There is no identifier: a request leaves empty what rules limit by, or a text is not written as
 * identifiers are. The message is one sentence that says what is wrong and what would be right.
 */
public final class IdentifierException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** With that message. */
  public IdentifierException(String message) {
    super(message);
  }
}
