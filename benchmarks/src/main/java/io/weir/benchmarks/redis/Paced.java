package io.weir.benchmarks.redis;

import io.weir.benchmarks.harness.Stats;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The competitors' runs at a fixed rate, round by round. Not thread-safe. */
record Paced(Map<Competitor, List<PaceResult>> runs) {

  /** One without runs. */
  Paced() {
    this(new EnumMap<>(Competitor.class));
  }

  /** Adds a run. Those of one round come after those of the one before. */
  void add(Competitor competitor, PaceResult run) {
    runs.computeIfAbsent(competitor, key -> new ArrayList<>()).add(run);
  }

  /** Whether nothing was measured. */
  boolean isEmpty() {
    return runs.isEmpty();
  }

  /** The median of a figure of a competitor's runs, of which there are some. */
  double median(Competitor competitor, ToDoubleFunction<PaceResult> figure) {
    return Stats.median(of(competitor).stream().map(figure::applyAsDouble).toList());
  }

  /** A competitor's 99th percentile, of each round. */
  List<Double> p99Micros(Competitor competitor) {
    return of(competitor).stream().map(PaceResult::p99Micros).toList();
  }

  /** The longest that a check of a competitor took, in all rounds. */
  double maxMicros(Competitor competitor) {
    return of(competitor).stream().mapToDouble(PaceResult::maxMicros).max().orElse(0);
  }

  /** How many of its checks were decided without Redis, of all rounds. */
  long unanswered(Competitor competitor) {
    return of(competitor).stream().mapToLong(PaceResult::unanswered).sum();
  }

  private List<PaceResult> of(Competitor competitor) {
    return runs.getOrDefault(competitor, List.of());
  }
}
