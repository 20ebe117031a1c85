package io.weir.streams.config;

/** How log lines look. */
public enum LogFormat {
  /** Lines for people. */
  TEXT,
  /** One JSON object a line. */
  JSON
}
