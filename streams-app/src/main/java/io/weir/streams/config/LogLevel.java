package io.weir.streams.config;

/** Which of Weir's own log lines are written: these and graver ones. */
public enum LogLevel {
  /** Errors only. */
  ERROR,
  /** What an operator should look at. */
  WARN,
  /** Changes of state. */
  INFO,
  /** What a developer wants to see. */
  DEBUG
}
