package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.Stats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Latency of what one candidate sends under one guarantee, round by round. Not thread-safe.
 *
 * @param perSecond requests a second
 * @param runs one of each round, in their order
 */
record LatencyResult(
    Candidate candidate,
    Guarantee guarantee,
    long commitIntervalMillis,
    int perSecond,
    List<Run> runs) {

  /**
   * One run, of an application of its own.
   *
   * @param end how it was with the application at the end
   */
  record Run(LoadResult load, ServeResult end) {}

  /** One without runs. */
  LatencyResult(
      Candidate candidate, Guarantee guarantee, long commitIntervalMillis, int perSecond) {
    this(candidate, guarantee, commitIntervalMillis, perSecond, new ArrayList<>());
  }

  /** Adds the run of the next round. */
  void add(LoadResult load, ServeResult end) {
    runs.add(new Run(load, end));
  }

  /** The median of the runs. */
  double p50Millis() {
    return median(LoadResult::p50Millis);
  }

  /** The median of the runs. */
  double p99Millis() {
    return median(LoadResult::p99Millis);
  }

  /** The median of the runs. */
  double p999Millis() {
    return median(LoadResult::p999Millis);
  }

  /** The median of the runs. */
  double sendLagP99Millis() {
    return median(LoadResult::sendLagP99Millis);
  }

  /** The longest of all runs. */
  double maxMillis() {
    return runs.stream().mapToDouble(run -> run.load().maxMillis()).max().orElseThrow();
  }

  private double median(ToDoubleFunction<LoadResult> figure) {
    return Stats.median(runs.stream().map(Run::load).mapToDouble(figure).boxed().toList());
  }
}
