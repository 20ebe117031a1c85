package io.weir.benchmarks.redis;

/**
 * A run at a fixed rate. Latencies count from when a check was due.
 *
 * @param answered checks that were answered by Redis
 * @param unanswered checks that were decided without Redis; their latencies count, too
 * @param startLagP99Micros how late checks began
 */
record PaceResult(
    long answered,
    long unanswered,
    double p50Micros,
    double p99Micros,
    double maxMicros,
    double startLagP99Micros) {}
