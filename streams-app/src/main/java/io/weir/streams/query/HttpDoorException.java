package io.weir.streams.query;

/** The HTTP door cannot be opened; the message says why and what would be right. */
public final class HttpDoorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  HttpDoorException(String message, Throwable cause) {
    super(message, cause);
  }
}
