package io.weir.benchmarks.redis;

import io.weir.benchmarks.harness.Report;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured on Redis so far. Thread-safe, so that it can be reported when the process is
 * asked to end.
 */
public final class RedisMeasured {
  private final RedisPlan plan;
  private final List<Duel> duels = new ArrayList<>();
  private Paced paced = new Paced();
  private final Map<Competitor, KeyMemory> memory = new EnumMap<>(Competitor.class);
  private String server = "";

  /** Nothing yet. */
  public RedisMeasured(RedisPlan plan) {
    this.plan = plan;
  }

  synchronized void server(String version) {
    server = version;
  }

  /** Adds a duel, which has all its runs. */
  synchronized void add(Duel duel) {
    duels.add(duel);
  }

  /** Takes the runs at a fixed rate, which are all there. */
  synchronized void paced(Paced runs) {
    paced = runs;
  }

  synchronized void add(Competitor competitor, KeyMemory key) {
    memory.put(competitor, key);
  }

  /** All that is there by now. */
  public synchronized Report report() {
    return new RedisReport(plan, server, List.copyOf(duels), paced, new EnumMap<>(memory));
  }
}
