package io.weir.benchmarks.pipeline;

import java.util.Locale;

/** What is measured, from the least work to the most, Weir last. */
enum Candidate {
  /** A consumer's records sent on by a producer, as bytes: no Kafka Streams. */
  RAW,
  /** Requests in, the same requests out, decoded and encoded by Weir's serde: no state. */
  PASS_THROUGH,
  /** Weir, each row read from and written to Kafka Streams' store at once. */
  BUILT_IN_STORE,
  /** Weir as it comes. */
  WEIR;

  /** Its name in reports. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it is Weir, with whatever store. */
  boolean judges() {
    return this == BUILT_IN_STORE || this == WEIR;
  }
}
