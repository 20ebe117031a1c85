package io.weir.benchmarks.pipeline;

/** Latency of decisions under one guarantee, and how it was with the application at the end. */
record LatencyResult(
    Guarantee guarantee,
    long commitIntervalMillis,
    int perSecond,
    LoadResult load,
    ServeResult end) {}
