package io.weir.streams.app;

/** The application cannot start; the message says why and what would be right. */
public final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason alone. */
  public StartupException(String message) {
    super(message);
  }

  /** With the exception behind the reason. */
  public StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
