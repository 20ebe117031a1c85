package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.Report;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/**
 * Everything that a bench has measured.
 *
 * @param unfinished sections that were not measured, or not all of them, in their order
 * @param comparisons of all sections that compare throughput
 * @param latencies one for each guarantee and candidate; none where it was not measured
 * @param states one for each number of partitions, that with expiry first; or none
 * @param standbys one or none
 */
record BenchReport(
    BenchPlan plan,
    List<Section> unfinished,
    List<Comparison> comparisons,
    List<LatencyResult> latencies,
    List<StateResult> states,
    List<StandbyResult> standbys)
    implements Report {

  @Override
  public boolean isEmpty() {
    return comparisons.isEmpty() && latencies.isEmpty() && states.isEmpty() && standbys.isEmpty();
  }

  @Override
  public void print(Ansi ansi, PrintWriter out) {
    new ReportTable(ansi).print(this, out);
  }

  @Override
  public Map<String, Object> json() {
    return ReportJson.of(this);
  }

  @Override
  public Map<String, Object> headline() {
    return Headline.of(this);
  }
}
