package io.weir.benchmarks.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is measured, on what, and how much of it.
 *
 * @param sections what
 * @param seed of the requests
 * @param partitions of each topic
 * @param threads stream threads
 * @param alosCommitMillis time between commits at-least-once
 * @param eosCommitMillis time between commits exactly-once
 * @param heapMebibytes heap of each worker
 * @param moreJvmOptions what each worker is started with besides
 * @param throughput numbers of the sections that compare throughput
 * @param latency numbers of that of latency
 * @param state numbers of those of expiry and restoring
 * @param standby numbers of that of the standby
 */
record BenchPlan(
    Set<Section> sections,
    long seed,
    int partitions,
    int threads,
    long alosCommitMillis,
    long eosCommitMillis,
    int heapMebibytes,
    List<String> moreJvmOptions,
    Throughput throughput,
    Latency latency,
    State state,
    Standby standby) {

  /**
   * How throughput is compared.
   *
   * @param candidates whose
   * @param warmUpMillis how long each candidate may take to be compiled before that; 0 for not at
   *     all
   * @param rounds runs of each candidate that count
   * @param requests of each run
   */
  record Throughput(Set<Candidate> candidates, long warmUpMillis, int rounds, int requests) {}

  /**
   * How latency is measured.
   *
   * @param candidates whose
   * @param rounds runs of each candidate under each guarantee
   * @param perSecond requests a second
   * @param warmUpMillis of each run, what does not count
   * @param millis what counts
   * @param alosCommitMillis time between commits at-least-once: less than for throughput, so that
   *     what one of them logs does not hold up requests for long
   */
  record Latency(
      List<Candidate> candidates,
      int rounds,
      int perSecond,
      int warmUpMillis,
      int millis,
      long alosCommitMillis) {}

  /**
   * How expiry and restoring are measured.
   *
   * @param idleRows rows that lie in the store
   * @param requests of each run beside expiry
   * @param rounds runs with expiry, and as many without
   * @param restorePartitions numbers of partitions to restore with besides
   */
  record State(int idleRows, int requests, int rounds, List<Integer> restorePartitions) {}

  /**
   * How the take-over by a standby is measured.
   *
   * @param rows rows that lie in the store
   * @param millis how long requests are sent
   */
  record Standby(int rows, int millis) {}

  /** Time between commits, in milliseconds. */
  long commitMillis(Guarantee guarantee) {
    return guarantee == Guarantee.AT_LEAST_ONCE ? alosCommitMillis : eosCommitMillis;
  }

  /** What the workers are started with, the same for all. */
  List<String> jvmOptions() {
    List<String> options = new ArrayList<>();
    options.add("-Xms" + heapMebibytes + "m");
    options.add("-Xmx" + heapMebibytes + "m");
    options.add("-XX:+UseG1GC");
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.addAll(moreJvmOptions);
    return options;
  }
}
