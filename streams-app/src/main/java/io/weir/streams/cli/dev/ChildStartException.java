package io.weir.streams.cli.dev;

/** A child process did not come up; the message has the last lines of its log. */
public final class ChildStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ChildStartException(String message) {
    super(message);
  }
}
