package io.weir.benchmarks.pipeline;

/**
 * Latency of what one candidate sends under one guarantee, and how it was with the application at
 * the end.
 */
record LatencyResult(
    Candidate candidate,
    Guarantee guarantee,
    long commitIntervalMillis,
    int perSecond,
    LoadResult load,
    ServeResult end) {}
