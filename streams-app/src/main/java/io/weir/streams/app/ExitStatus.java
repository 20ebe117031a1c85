package io.weir.streams.app;

import java.util.Optional;

/**
 * How the application ended.
 *
 * @param code the process's exit code; 0 after a clean stop
 * @param message what went wrong and what to do about it; empty after a clean stop
 */
public record ExitStatus(int code, Optional<String> message) {
  private static final int FAILED = 1;

  /** The end that somebody asked for. */
  public static ExitStatus stopped() {
    return new ExitStatus(0, Optional.empty());
  }

  /** The end by an error. */
  public static ExitStatus failed(String message) {
    return new ExitStatus(FAILED, Optional.of(message));
  }

  /** Whether it was a clean stop. */
  public boolean isClean() {
    return code == 0;
  }
}
