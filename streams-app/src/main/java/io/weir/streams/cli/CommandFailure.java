package io.weir.streams.cli;

import java.util.Optional;

/** A command cannot do what was asked: one sentence that says why, and a hint what to do. */
public class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  /** A failure that explains itself. */
  public CommandFailure(String message) {
    super(message);
    this.hint = "";
  }

  /** A failure that explains itself, and where it comes from. */
  public CommandFailure(String message, Throwable cause) {
    this(message, "", cause);
  }

  /** A failure with a hint. */
  public CommandFailure(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  /** A failure with a hint, and where it comes from. */
  public CommandFailure(String message, String hint, Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** What to do about it. */
  public Optional<String> hint() {
    return Optional.of(hint).filter(text -> !text.isEmpty());
  }
}
