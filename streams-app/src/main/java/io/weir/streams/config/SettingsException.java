package io.weir.streams.config;

import java.util.List;

/** The settings are wrong. The message has one line for each mistake. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One or more mistakes. */
  SettingsException(List<String> mistakes) {
    super(String.join("\n", mistakes));
  }

  /** One mistake, and where it comes from. */
  SettingsException(String mistake, Throwable cause) {
    super(mistake, cause);
  }
}
