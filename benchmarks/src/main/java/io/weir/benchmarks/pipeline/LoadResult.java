package io.weir.benchmarks.pipeline;

import java.util.List;

/**
 * What the load saw. Latencies count from the time at which a request was to be sent, whether it
 * was or not, to that at which a reader of committed records had its decision.
 *
 * @param decisions how many were measured
 * @param p50Millis half of them took no longer
 * @param p99Millis 99 of a hundred
 * @param p999Millis 999 of a thousand
 * @param maxMillis the longest
 * @param sendLagP99Millis how late requests were sent themselves, 99 of a hundred: part of the
 *     above
 * @param p99PerSecond p99 of each second
 * @param longestGapMillis of each partition: the longest time without a decision
 */
record LoadResult(
    long decisions,
    double p50Millis,
    double p99Millis,
    double p999Millis,
    double maxMillis,
    double sendLagP99Millis,
    List<Double> p99PerSecond,
    List<Double> longestGapMillis) {}
