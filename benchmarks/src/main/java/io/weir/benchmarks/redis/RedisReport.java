package io.weir.benchmarks.redis;

import io.weir.benchmarks.harness.Report;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/**
 * Everything that was measured on Redis.
 *
 * @param server which Redis
 * @param duels one for each number of callers that was measured whole
 * @param paced the runs at a fixed rate; none where they were not measured
 * @param memory what a key takes, of those that were asked
 */
record RedisReport(
    RedisPlan plan, String server, List<Duel> duels, Paced paced, Map<Competitor, KeyMemory> memory)
    implements Report {

  @Override
  public boolean isEmpty() {
    return duels.isEmpty() && paced.isEmpty() && memory.isEmpty();
  }

  @Override
  public void print(Ansi ansi, PrintWriter out) {
    new RedisTable(ansi).print(this, out);
  }

  @Override
  public Map<String, Object> json() {
    return RedisJson.all(this);
  }

  @Override
  public Map<String, Object> headline() {
    return RedisJson.headline(this);
  }
}
