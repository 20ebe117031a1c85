package io.weir.benchmarks.pipeline;

/** What is measured. */
enum Candidate {
  /** Requests in, the same requests out, decoded and encoded by the same serde. */
  PASS_THROUGH,
  /** Weir, each row read from and written to Kafka Streams' store at once. */
  BUILT_IN_STORE,
  /** Weir as it comes. */
  WEIR
}
