package io.weir.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.benchmarks.harness.BenchProgress;
import io.weir.benchmarks.harness.Lines;
import io.weir.streams.cli.dev.EmbeddedFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each part of the bench runs once, small, on a real broker; nothing is said of times. */
class BenchIT {
  private static final BenchPlan SMALL =
      new BenchPlan(
          EnumSet.of(
              Section.THROUGHPUT,
              Section.IDENTIFIERS,
              Section.HOP,
              Section.LATENCY,
              Section.EXPIRY,
              Section.STANDBY),
          1,
          2,
          1,
          100,
          100,
          256,
          List.of(),
          new BenchPlan.Throughput(EnumSet.allOf(Candidate.class), 0, 1, 2_000),
          new BenchPlan.Latency(
              List.of(Candidate.PASS_THROUGH, Candidate.WEIR), 2, 200, 200, 1_000, 500),
          new BenchPlan.State(1_000, 2_000, 1, List.of()),
          new BenchPlan.Standby(1_000, 4_000));

  @Test
  void everythingIsMeasuredAndTheHeadlineIsWhole() throws InterruptedException {
    StringWriter said = new StringWriter();

    Bench bench =
        new Bench(new EmbeddedFiles(Path.of("..", "streams-app", "embedded", "target")), SMALL);
    Measured measured = new Measured(SMALL);

    bench.run(
        new BenchProgress(new PrintWriter(said), false, bench.steps(), System::nanoTime), measured);

    BenchReport report = measured.report();
    assertThat(report.unfinished()).isEmpty();

    JsonNode headline = Lines.tree(Headline.of(report));
    assertThat(headline.findValues("p99")).hasSize(2).allMatch(JsonNode::isNumber);
    assertThat(headline.get("share")).hasSize(4).allMatch(JsonNode::isNumber);
    assertThat(headline.get("expiry")).hasSize(2).allMatch(JsonNode::isNumber);
    assertThat(report.comparisons()).hasSize(8);
    assertThat(report.latencies()).hasSize(4).allMatch(latency -> latency.runs().size() == 2);
    assertThat(report.states()).hasSize(1);
    assertThat(report.states().get(0).restored().stats().restoredRecords())
        .isGreaterThanOrEqualTo(1_000);
    assertThat(report.standbys()).hasSize(1);
    assertThat(Lines.of(ReportJson.of(report))).doesNotContain("NaN");
    assertThat(said.toString()).contains("[1/").doesNotContain("\u001b");
    assertThat(said.toString().lines())
        .filteredOn(line -> line.contains("latency exactly_once_v2"))
        .extracting(line -> line.replaceAll(".*/s, (.*): p50.*", "$1"))
        .containsExactly(
            "pass-through, run 1", "weir, run 1", "pass-through, run 2", "weir, run 2");
  }
}
