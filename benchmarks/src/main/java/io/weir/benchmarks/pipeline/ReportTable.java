package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.Stats;
import io.weir.streams.cli.TextTable;
import io.weir.streams.cli.TextTable.Cell;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** A report for people. */
final class ReportTable {
  private static final double MEBIBYTE = 1024 * 1024;

  private final Ansi ansi;

  ReportTable(Ansi ansi) {
    this.ansi = ansi;
  }

  /** Prints what was measured. */
  void print(BenchReport report, PrintWriter out) {
    printThroughput(report.comparisons(), out);
    printLatencies(report.latencies(), out);
    printStates(report.states(), out);
    printMemory(report.states(), out);
    printStandbys(report.standbys(), out);
    printShortRuns(report, out);
    printUnfinished(report.unfinished(), out);
    out.flush();
  }

  private static void printShortRuns(BenchReport report, PrintWriter out) {
    if (report.comparisons().stream().anyMatch(Comparison::hasShortRuns)
        || report.states().stream().anyMatch(StateResult::hasShortRuns)) {
      out.println();
      out.println(
          "The clock ran for less than a second in some runs, whose shares mean little; --requests"
              + " makes them longer.");
    }
  }

  private void printThroughput(List<Comparison> comparisons, PrintWriter out) {
    if (comparisons.isEmpty()) {
      return;
    }
    out.println("Throughput: medians; share of the pass-through, that of each round in brackets");
    TextTable table =
        new TextTable(
            ansi,
            "REQUESTS",
            "GUARANTEE",
            "SPREAD",
            "CANDIDATE",
            "PER SECOND",
            "SHARE",
            "CPU µs",
            "CHANGELOG B (RECORDS)",
            "HEAP MiB",
            "ROCKSDB MiB",
            "GC ms");
    for (Comparison comparison : comparisons) {
      comparison
          .runs()
          .forEach((candidate, runs) -> addCandidate(table, comparison, candidate, runs));
    }
    table.print(out);
  }

  private static void addCandidate(
      TextTable table, Comparison comparison, Candidate candidate, List<RunResult> runs) {
    PerDecision each = PerDecision.of(runs);
    RunResult last = runs.get(runs.size() - 1);
    String shares =
        comparison.shares(candidate).stream()
            .map(share -> text("%.2f", share))
            .collect(Collectors.joining(" "));
    table.add(
        Cell.plain(comparison.shape().label()),
        Cell.plain(comparison.guarantee().setting()),
        Cell.plain(comparison.spread().label()),
        Cell.plain(candidate.label()),
        Cell.plain(text("%,.0f", comparison.requestsPerSecond(candidate))),
        Cell.styled(
            candidate == Candidate.WEIR ? "bold" : "",
            text("%.2f (%s)", comparison.share(candidate), shares)),
        Cell.plain(text("%.1f", each.cpuMicros())),
        Cell.plain(text("%.1f (%.2f)", each.changelogBytes(), each.changelogRecords())),
        Cell.plain(
            text(
                "%.0f",
                runs.stream().mapToLong(RunResult::heapMaxBytes).max().orElse(0) / MEBIBYTE)),
        Cell.plain(
            text(
                "%.0f + %.0f",
                last.stats().rocksDbCacheBytes() / MEBIBYTE,
                last.stats().rocksDbMemtableBytes() / MEBIBYTE)),
        Cell.plain(
            text(
                "%.0f", Stats.median(runs.stream().map(run -> (double) run.gcMillis()).toList()))));
  }

  private void printLatencies(List<LatencyResult> latencies, PrintWriter out) {
    if (latencies.isEmpty()) {
      return;
    }
    out.println();
    out.println(
        "Latency of a decision, from the time its request was due, in ms: medians, and the longest of"
            + " all; p99 of each round in brackets");
    TextTable table =
        new TextTable(
            ansi,
            "GUARANTEE",
            "CANDIDATE",
            "COMMITS",
            "PER SECOND",
            "p50",
            "p99",
            "p99.9",
            "MAX",
            "SENT LATE p99");
    for (LatencyResult latency : latencies) {
      String p99s =
          latency.runs().stream()
              .map(run -> text("%.2f", run.load().p99Millis()))
              .collect(Collectors.joining(" "));
      table.add(
          Cell.plain(latency.guarantee().setting()),
          Cell.plain(latency.candidate().label()),
          Cell.plain(latency.commitIntervalMillis() + " ms"),
          Cell.plain(text("%,d", latency.perSecond())),
          Cell.plain(text("%.2f", latency.p50Millis())),
          Cell.styled("bold", text("%.2f (%s)", latency.p99Millis(), p99s)),
          Cell.plain(text("%.2f", latency.p999Millis())),
          Cell.plain(text("%.2f", latency.maxMillis())),
          Cell.plain(text("%.2f", latency.sendLagP99Millis())));
    }
    table.print(out);
  }

  private void printStates(List<StateResult> states, PrintWriter out) {
    List<StateResult> expired = states.stream().filter(it -> !it.with().isEmpty()).toList();
    if (expired.isEmpty()) {
      return;
    }
    out.println();
    out.println(
        "Expiry of idle rows: share of the throughput without it, that of each run in brackets");
    TextTable table =
        new TextTable(
            ansi, "IDLE ROWS", "PARTITIONS", "LONGEST PAUSE ms", "SHARE", "ROWS/s EXPIRED");
    for (StateResult state : expired) {
      String rates =
          state.with().stream()
              .map(run -> text("%,.0f", run.requestsPerSecond()))
              .collect(Collectors.joining(" "));
      table.add(
          Cell.plain(text("%,d", state.rows())),
          Cell.plain(state.partitions()),
          Cell.styled("bold", text("%.1f", state.longestPauseMillis())),
          Cell.styled("bold", text("%.2f (%s/s)", state.share(), rates)),
          Cell.plain(text("%,.0f", state.rowsExpiredPerSecond())));
    }
    table.print(out);
  }

  private void printMemory(List<StateResult> states, PrintWriter out) {
    if (states.isEmpty()) {
      return;
    }
    out.println();
    out.println("Restoring the rows, and the memory of the process after requests, in MiB");
    TextTable table =
        new TextTable(
            ansi,
            "ROWS",
            "PARTITIONS",
            "RESTORED IN s",
            "RECORDS/s",
            "FETCHED",
            "ON DISK",
            "RESIDENT",
            "HEAP",
            "BLOCK CACHE",
            "WRITE BUFFERS");
    for (StateResult state : states) {
      PipeStats restored = state.restored().stats();
      double seconds = restored.restoreMillis() / 1e3;
      ServeResult end = state.end();
      table.add(
          Cell.plain(text("%,d", state.rows())),
          Cell.plain(state.partitions()),
          Cell.plain(text("%.1f", seconds)),
          Cell.plain(text("%,.0f", restored.restoredRecords() / Math.max(0.001, seconds))),
          Cell.plain(text("%.0f", restored.restoredBytes() / MEBIBYTE)),
          Cell.plain(text("%.0f", state.changelogBytesOnDisk() / MEBIBYTE)),
          Cell.plain(text("%.0f", end.residentBytes() / MEBIBYTE)),
          Cell.plain(text("%.0f", end.heapBytes() / MEBIBYTE)),
          Cell.plain(text("%.0f", end.stats().rocksDbCacheBytes() / MEBIBYTE)),
          Cell.plain(text("%.0f", end.stats().rocksDbMemtableBytes() / MEBIBYTE)));
    }
    table.print(out);
  }

  private void printStandbys(List<StandbyResult> standbys, PrintWriter out) {
    if (standbys.isEmpty()) {
      return;
    }
    out.println();
    out.println("Taking over from an instance that was killed, in s");
    TextTable table =
        new TextTable(
            ansi, "ROWS", "WITHOUT DECISIONS", "OF THAT THE SESSION", "THEN TO TAKE OVER");
    for (StandbyResult standby : standbys) {
      table.add(
          Cell.plain(text("%,d", standby.rows())),
          Cell.styled("bold", text("%.1f", standby.gapMillis() / 1e3)),
          Cell.plain(text("%.1f", standby.sessionTimeoutMillis() / 1e3)),
          Cell.plain(text("%.1f", standby.promotionMillis() / 1e3)));
    }
    table.print(out);
  }

  private static void printUnfinished(List<Section> unfinished, PrintWriter out) {
    if (!unfinished.isEmpty()) {
      out.println();
      out.println(
          unfinished.stream()
              .map(Section::label)
              .collect(Collectors.joining(", ", "Not measured, or not all of it: ", "")));
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
