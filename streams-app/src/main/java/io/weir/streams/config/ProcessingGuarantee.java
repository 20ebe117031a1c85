package io.weir.streams.config;

import java.time.Duration;

/** What a crash may do to decisions and charges. */
public enum ProcessingGuarantee {
  /** Each request has one decision and is charged once, for readers of committed records. */
  EXACTLY_ONCE_V2(Duration.ofMillis(100)),
  /** After a crash some requests are judged, and charged, again. */
  AT_LEAST_ONCE(Duration.ofSeconds(5));

  private final Duration commitInterval;

  ProcessingGuarantee(Duration commitInterval) {
    this.commitInterval = commitInterval;
  }

  /** The time between commits where nobody says otherwise. */
  Duration commitInterval() {
    return commitInterval;
  }
}
