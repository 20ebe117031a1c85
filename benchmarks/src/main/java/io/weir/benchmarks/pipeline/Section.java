package io.weir.benchmarks.pipeline;

import java.util.Locale;

/** What a bench measures, part by part, in this order. */
enum Section {
  /** Shares of the pass-through's throughput: the headline figures. */
  THROUGHPUT,
  /** The same with two identifiers a request. */
  IDENTIFIERS,
  /** The same with input that is keyed anyhow, and re-keyed on both sides. */
  HOP,
  /** Latency of decisions at a fixed rate. */
  LATENCY,
  /** What expiry of idle rows costs; restoring them comes before, and is reported too. */
  EXPIRY,
  /** Restoring and memory with more partitions. */
  RESTORE,
  /** How long it takes until a standby has taken over. */
  STANDBY;

  /** Its name in options and reports. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
