package io.weir.benchmarks.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How much is measured.
 *
 * @param sections what
 * @param seed of the requests
 * @param candidates whose throughput is compared
 * @param warmUpMillis how long each candidate may take to be compiled before that; 0 for not at all
 * @param rounds runs of each candidate that count
 * @param requests of each run
 * @param partitions of each topic
 * @param threads stream threads
 * @param alosCommitMillis time between commits at-least-once
 * @param eosCommitMillis time between commits exactly-once
 * @param perSecond requests a second where latency is measured
 * @param latencyWarmUpMillis of it, what does not count
 * @param latencyMillis what counts
 * @param idleRows rows that lie in the store where expiry and restoring are measured
 * @param expiryRequests requests of each run beside expiry
 * @param expiryRounds runs with expiry, and as many without
 * @param restorePartitions numbers of partitions to restore with besides
 * @param standbyRows rows that lie in the store where a standby takes over
 * @param standbyMillis how long requests are sent there
 * @param heapMebibytes heap of each worker
 * @param moreJvmOptions what each worker is started with besides
 */
record BenchPlan(
    Set<Section> sections,
    long seed,
    Set<Candidate> candidates,
    long warmUpMillis,
    int rounds,
    int requests,
    int partitions,
    int threads,
    long alosCommitMillis,
    long eosCommitMillis,
    int perSecond,
    int latencyWarmUpMillis,
    int latencyMillis,
    int idleRows,
    int expiryRequests,
    int expiryRounds,
    List<Integer> restorePartitions,
    int standbyRows,
    int standbyMillis,
    int heapMebibytes,
    List<String> moreJvmOptions) {

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
