package io.weir.benchmarks.pipeline;

import java.time.Duration;
import java.util.Locale;

/** What a crash may do; each guarantee is measured with Weir's own commit interval. */
enum Guarantee {
  /** Requests may be judged again. */
  AT_LEAST_ONCE("alos", Duration.ofSeconds(5)),

  /** Each request is judged once, for readers of committed records. */
  EXACTLY_ONCE_V2("eos", Duration.ofMillis(100));

  private final String label;
  private final Duration commitInterval;

  Guarantee(String label, Duration commitInterval) {
    this.label = label;
    this.commitInterval = commitInterval;
  }

  /** Its name in reports. */
  String label() {
    return label;
  }

  /** The value of {@code processing.guarantee}. */
  String setting() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Time between commits, on all sides, unless told otherwise. */
  Duration commitInterval() {
    return commitInterval;
  }

  boolean isTransactional() {
    return this == EXACTLY_ONCE_V2;
  }
}
