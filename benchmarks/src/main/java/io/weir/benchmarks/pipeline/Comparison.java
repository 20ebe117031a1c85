package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.Stats;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The candidates' runs over the same requests, round by round. Not thread-safe.
 *
 * @param shape what the requests are like
 */
record Comparison(
    RequestShape shape,
    Guarantee guarantee,
    KeySpread spread,
    Map<Candidate, List<RunResult>> runs) {

  /** One without runs. */
  Comparison(RequestShape shape, Guarantee guarantee, KeySpread spread) {
    this(shape, guarantee, spread, new EnumMap<>(Candidate.class));
  }

  /** Adds a run. Those of one round come after those of the one before. */
  void add(Candidate candidate, RunResult run) {
    runs.computeIfAbsent(candidate, key -> new ArrayList<>()).add(run);
  }

  /** The median of a candidate's rates. */
  double requestsPerSecond(Candidate candidate) {
    return Stats.median(rates(candidate));
  }

  /** The median of a candidate's rates as a share of the pass-through's median. */
  double share(Candidate candidate) {
    return requestsPerSecond(candidate) / requestsPerSecond(Candidate.PASS_THROUGH);
  }

  /** A candidate's rate as a share of the pass-through's of the same round, of each round. */
  List<Double> shares(Candidate candidate) {
    List<Double> own = rates(candidate);
    List<Double> passed = rates(Candidate.PASS_THROUGH);
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < Math.min(own.size(), passed.size()); i++) {
      shares.add(own.get(i) / passed.get(i));
    }
    return shares;
  }

  /** Whether the clock ran so briefly in some run that its rate is mostly chance. */
  boolean hasShortRuns() {
    return runs.values().stream().flatMap(List::stream).anyMatch(RunResult::isShort);
  }

  private List<Double> rates(Candidate candidate) {
    return runs.getOrDefault(candidate, List.of()).stream()
        .map(RunResult::requestsPerSecond)
        .toList();
  }
}
