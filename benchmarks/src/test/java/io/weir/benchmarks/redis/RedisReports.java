package io.weir.benchmarks.redis;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reports as if they had been measured. */
final class RedisReports {
  static final RedisPlan PLAN =
      new RedisPlan(
          Optional.of("redis://:secret@somewhere"),
          List.of(1, 16),
          3,
          1_000,
          1_000,
          5_000,
          1,
          List.of());

  private RedisReports() {}

  /** One second of so many checks. */
  static LoopResult loop(long answered) {
    return new LoopResult(answered, answered / 10, 0, 1_000_000_000, 100, 400);
  }

  /** Rounds in which the competitors made so many checks a second. */
  static Duel duel(int callers, List<Integer> weir, List<Integer> bucket4j, List<Integer> floor) {
    Duel duel = new Duel(callers);
    weir.forEach(rate -> duel.add(Competitor.WEIR, loop(rate)));
    bucket4j.forEach(rate -> duel.add(Competitor.BUCKET4J, loop(rate)));
    floor.forEach(rate -> duel.add(Competitor.FLOOR, loop(rate)));
    return duel;
  }

  /** Runs at a fixed rate with these p99. */
  static Paced paced(List<Double> weir, List<Double> bucket4j, List<Double> floor) {
    Paced paced = new Paced();
    weir.forEach(p99 -> paced.add(Competitor.WEIR, pace(p99)));
    bucket4j.forEach(p99 -> paced.add(Competitor.BUCKET4J, pace(p99)));
    floor.forEach(p99 -> paced.add(Competitor.FLOOR, pace(p99)));
    return paced;
  }

  private static PaceResult pace(double p99Micros) {
    return new PaceResult(5_000, 0, p99Micros / 4, p99Micros, 9_000, 60);
  }

  /** A report of these duels and of runs at a fixed rate. */
  static RedisReport report(List<Duel> duels, Paced paced) {
    return new RedisReport(
        PLAN, "Redis 7", duels, paced, Map.of(Competitor.WEIR, new KeyMemory(104, 36)));
  }
}
