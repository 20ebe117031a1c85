package io.weir.limiter.rule;

/**
 * A request that cannot be matched because it makes no sense. The message is one sentence that says
 * what is wrong and what would be right.
 */
public final class InvalidRequestException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** With that message. */
  public InvalidRequestException(String message) {
    super(message);
  }
}
