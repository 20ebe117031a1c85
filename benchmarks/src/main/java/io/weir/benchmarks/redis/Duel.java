package io.weir.benchmarks.redis;

import io.weir.benchmarks.harness.Stats;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The competitors' runs at one number of callers, round by round. Not thread-safe.
 *
 * @param callers how many threads checked at once
 */
record Duel(int callers, Map<Competitor, List<LoopResult>> runs) {

  /** One without runs. */
  Duel(int callers) {
    this(callers, new EnumMap<>(Competitor.class));
  }

  /** Adds a run. Those of one round come after those of the one before. */
  void add(Competitor competitor, LoopResult run) {
    runs.computeIfAbsent(competitor, key -> new ArrayList<>()).add(run);
  }

  /** A competitor's checks a second, of each round. */
  List<Double> rates(Competitor competitor) {
    return of(competitor).stream().map(LoopResult::perSecond).toList();
  }

  /** The median of these. */
  double perSecond(Competitor competitor) {
    return Stats.median(rates(competitor));
  }

  /** Weir's checks a second as a multiple of another's of the same round, of each round. */
  List<Double> ratios(Competitor other) {
    List<Double> own = rates(Competitor.WEIR);
    List<Double> others = rates(other);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(own.size(), others.size()); i++) {
      ratios.add(own.get(i) / others.get(i));
    }
    return ratios;
  }

  /** The median of these: a machine that slows down between rounds does not count. */
  double ratio(Competitor other) {
    return Stats.median(ratios(other));
  }

  /** The median of a competitor's median latencies. */
  double p50Micros(Competitor competitor) {
    return Stats.median(of(competitor).stream().map(LoopResult::p50Micros).toList());
  }

  /** The median of a competitor's 99th percentiles. */
  double p99Micros(Competitor competitor) {
    return Stats.median(of(competitor).stream().map(LoopResult::p99Micros).toList());
  }

  /** How many of its checks were decided without Redis, of all rounds. */
  long unanswered(Competitor competitor) {
    return of(competitor).stream().mapToLong(LoopResult::unanswered).sum();
  }

  /** How many were denied, as a part of those that were answered. */
  double deniedShare(Competitor competitor) {
    long answered = of(competitor).stream().mapToLong(LoopResult::answered).sum();
    long denied = of(competitor).stream().mapToLong(LoopResult::denied).sum();
    return answered == 0 ? 0 : (double) denied / answered;
  }

  private List<LoopResult> of(Competitor competitor) {
    return runs.getOrDefault(competitor, List.of());
  }
}
