package io.weir.streams.config;

/** What a crash may do to decisions and charges. */
public enum ProcessingGuarantee {
  /** Each request has one decision and is charged once, for readers of committed records. */
  EXACTLY_ONCE_V2,
  /** After a crash some requests are judged, and charged, again. */
  AT_LEAST_ONCE
}
