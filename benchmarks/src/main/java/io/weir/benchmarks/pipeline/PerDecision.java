package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.Stats;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one decision costs, over all runs.
 *
 * @param cpuMicros processor time of the application's process
 * @param changelogRecords records to the changelog
 * @param changelogBytes their bytes
 */
record PerDecision(double cpuMicros, double changelogRecords, double changelogBytes) {

  /** That of some runs. */
  static PerDecision of(List<RunResult> runs) {
    return new PerDecision(
        median(runs, run -> run.cpuMillis() * 1000.0 / run.timedRequests()),
        median(runs, run -> (double) run.stats().changelogRecords() / run.requests()),
        median(runs, run -> (double) run.stats().changelogBytes() / run.requests()));
  }

  private static double median(List<RunResult> runs, ToDoubleFunction<RunResult> figure) {
    return Stats.median(runs.stream().mapToDouble(figure).boxed().toList());
  }
}
