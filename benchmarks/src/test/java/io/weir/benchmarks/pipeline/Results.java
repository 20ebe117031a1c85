package io.weir.benchmarks.pipeline;

import java.util.List;
import java.util.Map;

/** Results as runs give them, for tests of what is made of them. */
final class Results {
  private Results() {}

  static RunResult run(double requestsPerSecond) {
    return run(requestsPerSecond, 0, 0);
  }

  static RunResult run(double requestsPerSecond, double longestStepMillis, long rowsExpired) {
    return run(requestsPerSecond, 1_000, longestStepMillis, rowsExpired);
  }

  static RunResult run(
      double requestsPerSecond, double timedMillis, double longestStepMillis, long rowsExpired) {
    return new RunResult(
        requestsPerSecond,
        1000,
        800,
        timedMillis,
        5,
        List.of(500L, 500L),
        80,
        1,
        1 << 20,
        longestStepMillis,
        new PipeStats(1000, 1000, 500, 20_000, 0, 0, 0, 0, 0, rowsExpired, longestStepMillis));
  }

  static Comparison comparison(
      Guarantee guarantee, KeySpread spread, Map<Candidate, List<Double>> rates) {
    Comparison comparison = new Comparison(RequestShape.KEYED, guarantee, spread);
    rates.forEach((candidate, each) -> each.forEach(rate -> comparison.add(candidate, run(rate))));
    return comparison;
  }

  static LatencyResult latency(Guarantee guarantee, LoadResult... loads) {
    LatencyResult result = new LatencyResult(Candidate.WEIR, guarantee, 100, 5000);
    for (LoadResult load : loads) {
      result.add(load, served());
    }
    return result;
  }

  static LoadResult load(double p50Millis, double p99Millis) {
    return load(p50Millis, p99Millis, 0, 0, 0);
  }

  static LoadResult load(
      double p50Millis,
      double p99Millis,
      double p999Millis,
      double maxMillis,
      double sendLagP99Millis) {
    return new LoadResult(
        1, p50Millis, p99Millis, p999Millis, maxMillis, sendLagP99Millis, List.of(), List.of());
  }

  static StateResult state(List<RunResult> without, List<RunResult> with) {
    return new StateResult(2, 10, 100, served(), without, with, served());
  }

  static BenchReport report(
      List<Comparison> comparisons, List<LatencyResult> latencies, List<StateResult> states) {
    return new BenchReport(
        new BenchPlanner(true).plan(), List.of(), comparisons, latencies, states, List.of());
  }

  private static ServeResult served() {
    return new ServeResult(1, 0, 4, 0, 0, 0, 0, PipeStats.ofSent(0));
  }
}
