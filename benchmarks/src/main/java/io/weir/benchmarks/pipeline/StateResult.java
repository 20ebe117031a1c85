package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.Stats;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a store full of idle rows costs.
 *
 * @param partitions of each topic
 * @param rows idle rows
 * @param changelogBytesOnDisk what the changelog took on the broker's disk before
 * @param restored right after restoring
 * @param without runs without expiry; none where only restoring was measured
 * @param with runs with expiry, each after one without
 * @param end after all runs; the same as restored where there was none
 */
record StateResult(
    int partitions,
    int rows,
    long changelogBytesOnDisk,
    ServeResult restored,
    List<RunResult> without,
    List<RunResult> with,
    ServeResult end) {

  /** Throughput beside expiry as a share of that without. */
  double share() {
    return Stats.median(with.stream().map(RunResult::requestsPerSecond).toList())
        / Stats.median(without.stream().map(RunResult::requestsPerSecond).toList());
  }

  /** Whether a run was so short that its rate is mostly chance. */
  boolean hasShortRuns() {
    return Stream.concat(without.stream(), with.stream()).anyMatch(RunResult::isShort);
  }

  /** The longest step of expiry of all runs. */
  double longestPauseMillis() {
    return with.stream().mapToDouble(RunResult::longestStepMillis).max().orElse(0);
  }

  /** Rows that expiry forgot in a second of its runs. */
  double rowsExpiredPerSecond() {
    double rowsExpired = with.stream().mapToLong(run -> run.stats().rowsExpired()).sum();
    double seconds =
        with.stream()
                .mapToDouble(run -> run.perInterval().size() * (double) Sampler.INTERVAL_MILLIS)
                .sum()
            / 1000;
    return seconds == 0 ? 0 : rowsExpired / seconds;
  }
}
