package io.weir.benchmarks.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as an object for JSON: all runs, with their medians and ratios. */
final class ReportJson {
  private ReportJson() {}

  /** The report. */
  static Map<String, Object> of(BenchReport report) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("plan", report.plan());
    all.put("unfinished", report.unfinished().stream().map(Section::label).toList());
    all.put("low_latency_settings", LowLatency.SETTINGS);
    all.put("throughput", report.comparisons().stream().map(ReportJson::comparison).toList());
    all.put("latency", report.latencies().stream().map(ReportJson::latency).toList());
    all.put("state", report.states().stream().map(ReportJson::state).toList());
    all.put("standby", report.standbys());
    return all;
  }

  private static Map<String, Object> comparison(Comparison comparison) {
    Map<String, Object> candidates = new LinkedHashMap<>();
    comparison
        .runs()
        .forEach(
            (candidate, runs) ->
                candidates.put(candidate.label(), candidate(comparison, candidate, runs)));
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("shape", comparison.shape().label());
    one.put("guarantee", comparison.guarantee().setting());
    one.put("spread", comparison.spread().label());
    one.put("candidates", candidates);
    return one;
  }

  private static Map<String, Object> candidate(
      Comparison comparison, Candidate candidate, List<RunResult> runs) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("requests_per_second", comparison.requestsPerSecond(candidate));
    one.put("share", comparison.share(candidate));
    List<Double> shares = comparison.shares(candidate);
    one.put("shares", shares);
    one.put("share_min", shares.stream().min(Double::compare).orElseThrow());
    one.put("share_max", shares.stream().max(Double::compare).orElseThrow());
    one.put("per_decision", PerDecision.of(runs));
    one.put("interval_ms", Sampler.INTERVAL_MILLIS);
    one.put("runs", runs);
    return one;
  }

  private static Map<String, Object> latency(LatencyResult latency) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("candidate", latency.candidate().label());
    one.put("guarantee", latency.guarantee().setting());
    one.put("commit_interval_millis", latency.commitIntervalMillis());
    one.put("per_second", latency.perSecond());
    one.put("p50_millis", latency.p50Millis());
    one.put("p99_millis", latency.p99Millis());
    one.put("p999_millis", latency.p999Millis());
    one.put("runs", latency.runs());
    return one;
  }

  private static Map<String, Object> state(StateResult state) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("partitions", state.partitions());
    one.put("rows", state.rows());
    one.put("changelog_bytes_on_disk", state.changelogBytesOnDisk());
    one.put("restored", state.restored());
    if (!state.with().isEmpty()) {
      one.put("share", state.share());
      one.put("longest_pause_ms", state.longestPauseMillis());
      one.put("rows_expired_per_second", state.rowsExpiredPerSecond());
    }
    one.put("without_expiry", state.without());
    one.put("with_expiry", state.with());
    one.put("end", state.end());
    return one;
  }
}
