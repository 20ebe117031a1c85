package io.weir.benchmarks.pipeline;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a plan of what is given and of the defaults, of which there are two sets. */
final class BenchPlanner {
  private static final Set<Section> QUICK_SECTIONS =
      EnumSet.of(Section.THROUGHPUT, Section.LATENCY, Section.EXPIRY);

  private static final Set<Candidate> QUICK_CANDIDATES =
      EnumSet.of(Candidate.PASS_THROUGH, Candidate.WEIR);

  private static final List<Integer> RESTORE_PARTITIONS = List.of(12);

  private final boolean quick;
  private final Map<Guarantee, Duration> commitIntervals = new EnumMap<>(Guarantee.class);
  private Set<Section> sections;
  private long seed = 1;
  private int rounds;
  private int requests;
  private int partitions = 2;
  private int threads = 1;
  private int rate = 5_000;
  private int rows;
  private List<String> jvmOptions = List.of();

  /** The defaults. */
  BenchPlanner(boolean quick) {
    this.quick = quick;
    this.sections = quick ? QUICK_SECTIONS : EnumSet.allOf(Section.class);
    this.rounds = quick ? 1 : 3;
    this.requests = quick ? 400_000 : 3_000_000;
    this.rows = quick ? 200_000 : 10_000_000;
  }

  BenchPlanner only(List<Section> given) {
    if (!given.isEmpty()) {
      sections = EnumSet.copyOf(given);
    }
    return this;
  }

  BenchPlanner seed(Optional<Long> given) {
    seed = given.orElse(seed);
    return this;
  }

  BenchPlanner rounds(Optional<Integer> given) {
    rounds = given.orElse(rounds);
    return this;
  }

  BenchPlanner requests(Optional<Integer> given) {
    requests = given.orElse(requests);
    return this;
  }

  BenchPlanner partitions(Optional<Integer> given) {
    partitions = given.orElse(partitions);
    return this;
  }

  BenchPlanner threads(Optional<Integer> given) {
    threads = given.orElse(threads);
    return this;
  }

  BenchPlanner commitInterval(Guarantee guarantee, Optional<Duration> given) {
    given.ifPresent(interval -> commitIntervals.put(guarantee, interval));
    return this;
  }

  BenchPlanner rate(Optional<Integer> given) {
    rate = given.orElse(rate);
    return this;
  }

  BenchPlanner rows(Optional<Integer> given) {
    rows = given.orElse(rows);
    return this;
  }

  BenchPlanner jvmOptions(List<String> given) {
    jvmOptions = List.copyOf(given);
    return this;
  }

  BenchPlan plan() {
    return new BenchPlan(
        sections,
        seed,
        partitions,
        threads,
        commitMillis(Guarantee.AT_LEAST_ONCE),
        commitMillis(Guarantee.EXACTLY_ONCE_V2),
        512,
        jvmOptions,
        new BenchPlan.Throughput(
            quick ? QUICK_CANDIDATES : EnumSet.allOf(Candidate.class),
            quick ? 12_000 : 60_000,
            rounds,
            requests),
        new BenchPlan.Latency(
            quick ? List.of(Candidate.WEIR) : List.of(Candidate.PASS_THROUGH, Candidate.WEIR),
            rounds,
            rate,
            quick ? 6_000 : 10_000,
            quick ? 4_000 : 30_000,
            commitIntervals
                .getOrDefault(Guarantee.AT_LEAST_ONCE, LowLatency.COMMIT_INTERVAL)
                .toMillis()),
        new BenchPlan.State(rows, requests, quick ? 1 : 3, RESTORE_PARTITIONS),
        new BenchPlan.Standby(Math.min(rows, 1_000_000), 30_000));
  }

  private long commitMillis(Guarantee guarantee) {
    return commitIntervals.getOrDefault(guarantee, guarantee.commitInterval()).toMillis();
  }
}
