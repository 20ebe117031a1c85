package io.weir.limiter;

/**
 * The state of limits could not be asked in time. Checks are decided without it; a refund or a
 * reset fails, and may have been carried out all the same.
 */
public class BackendUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param message why, in a sentence
   */
  public BackendUnavailableException(String message) {
    super(message);
  }

  /** As above, with what led to it. */
  public BackendUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
