package io.weir.benchmarks.pipeline;

import java.util.List;

/**
 * What one run gave.
 *
 * @param requestsPerSecond from the warm part to the commit of the last record
 * @param requests how many there were in all
 * @param timedRequests how many of them the clock saw
 * @param timedMillis how long it ran
 * @param startMillis before it: until the application had its partitions and its state
 * @param perInterval records processed in each interval of {@link Sampler#INTERVAL_MILLIS}, all of
 *     the run; one request may be several records
 * @param cpuMillis processor time of the process while the clock ran
 * @param gcMillis of that, collections
 * @param heapMaxBytes the heap in use at most, what a collection would free included
 * @param longestStepMillis the longest step of expiry
 * @param stats what the application counted, all of the run
 */
record RunResult(
    double requestsPerSecond,
    long requests,
    long timedRequests,
    double timedMillis,
    double startMillis,
    List<Long> perInterval,
    long cpuMillis,
    long gcMillis,
    long heapMaxBytes,
    double longestStepMillis,
    PipeStats stats) {
  private static final double SHORT_MILLIS = 1_000;

  /** Whether the clock ran so briefly that the rate is mostly chance. */
  boolean isShort() {
    return timedMillis < SHORT_MILLIS;
  }
}
