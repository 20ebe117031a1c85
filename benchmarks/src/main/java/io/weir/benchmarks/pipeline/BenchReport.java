package io.weir.benchmarks.pipeline;

import java.util.List;

/**
 * Everything that a bench measured.
 *
 * @param comparisons of all sections that compare throughput
 * @param latencies one for each guarantee; none where it was not measured
 * @param states one for each number of partitions, that with expiry first; or none
 * @param standbys one or none
 */
record BenchReport(
    BenchPlan plan,
    List<Comparison> comparisons,
    List<LatencyResult> latencies,
    List<StateResult> states,
    List<StandbyResult> standbys) {}
