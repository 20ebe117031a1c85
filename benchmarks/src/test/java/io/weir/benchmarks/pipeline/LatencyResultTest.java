package io.weir.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.benchmarks.harness.Lines;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class LatencyResultTest {
  private static final LatencyResult LATENCY =
      Results.latency(
          Guarantee.AT_LEAST_ONCE,
          Results.load(2, 80, 91, 95, 0.5),
          Results.load(5, 9, 20, 30, 7),
          Results.load(3, 12, 15, 400, 1));

  @Test
  void figuresAreMediansOfTheRounds() {
    assertThat(LATENCY.p50Millis()).isEqualTo(3);
    assertThat(LATENCY.p99Millis()).isEqualTo(12);
    assertThat(LATENCY.p999Millis()).isEqualTo(20);
    assertThat(LATENCY.sendLagP99Millis()).isEqualTo(1);
  }

  @Test
  void theLongestIsThatOfAllRounds() {
    assertThat(LATENCY.maxMillis()).isEqualTo(400);
  }

  @Test
  void reportHasTheMediansAndEachRun() {
    JsonNode latency = Lines.tree(ReportJson.of(report())).at("/latency/0");

    assertThat(latency.get("candidate").asText()).isEqualTo("weir");
    assertThat(latency.get("guarantee").asText()).isEqualTo("at_least_once");
    assertThat(latency.get("p50_millis").asDouble()).isEqualTo(3);
    assertThat(latency.get("p99_millis").asDouble()).isEqualTo(12);
    assertThat(latency.get("p999_millis").asDouble()).isEqualTo(20);
    assertThat(latency.get("runs")).hasSize(3);
    assertThat(latency.at("/runs/0/load/p99_millis").asDouble()).isEqualTo(80);
    assertThat(latency.at("/runs/2/load/p99_millis").asDouble()).isEqualTo(12);
    assertThat(latency.at("/runs/0/end/copies").asInt()).isEqualTo(4);
  }

  @Test
  void tableHasTheMediansAndThe99thPercentileOfEachRound() {
    StringWriter written = new StringWriter();

    new ReportTable(Ansi.OFF).print(report(), new PrintWriter(written));

    assertThat(written.toString().lines())
        .filteredOn(line -> line.startsWith("at_least_once"))
        .singleElement()
        .asString()
        .containsSubsequence("3.00", "12.00 (80.00 9.00 12.00)", "20.00", "400.00", "1.00");
  }

  @Test
  void progressHasAStepForEachRun() {
    assertThat(
            new LatencySection(
                    new BenchPlan.Latency(
                        List.of(Candidate.PASS_THROUGH, Candidate.WEIR), 3, 5_000, 0, 1_000, 500))
                .steps())
        .isEqualTo(12);
  }

  private static BenchReport report() {
    return Results.report(List.of(), List.of(LATENCY), List.of());
  }
}
