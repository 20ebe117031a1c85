package io.weir.limiter;

/**
 * The state of limits could not be asked in time. Checks are decided without it; a refund or a
 * reset fails, and may have been carried out all the same, unless {@link #isCertainlyNotDone()}.
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

  /**
   * Whether what was asked was certainly not done, no part of it: there was nobody to ask, say. If
   * not, nobody knows.
   */
  public boolean isCertainlyNotDone() {
    return false;
  }

  /** The message, and what became of a refund or a reset that met it, in a sentence. */
  public final String messageOfChange() {
    return getMessage()
        + (isCertainlyNotDone()
            ? "; it was not carried out"
            : "; it may have been carried out all the same");
  }
}
