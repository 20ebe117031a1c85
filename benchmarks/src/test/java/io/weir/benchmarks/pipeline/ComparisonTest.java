package io.weir.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.benchmarks.harness.Lines;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class ComparisonTest {
  private static final Comparison COMPARISON =
      Results.comparison(
          Guarantee.AT_LEAST_ONCE,
          KeySpread.UNIFORM,
          Map.of(
              Candidate.PASS_THROUGH,
              List.of(100.0, 200.0, 120.0),
              Candidate.WEIR,
              List.of(90.0, 100.0, 108.0)));

  @Test
  void shareIsThatOfTheMediansAndNotTheMedianOfShares() {
    assertThat(COMPARISON.share(Candidate.WEIR)).isCloseTo(100.0 / 120, within(1e-9));
  }

  @Test
  void eachRoundHasAShareOfItsOwn() {
    assertThat(COMPARISON.shares(Candidate.WEIR)).containsExactly(0.9, 0.5, 0.9);
  }

  @Test
  void reportHasRunsSharesAndCostsOfEachCandidate() {
    BenchReport report = Results.report(List.of(COMPARISON), List.of(), List.of());

    JsonNode weir = Lines.tree(ReportJson.of(report)).at("/throughput/0/candidates").get("weir");

    assertThat(weir.get("share_min").asDouble()).isEqualTo(0.5);
    assertThat(weir.get("share_max").asDouble()).isEqualTo(0.9);
    assertThat(weir.get("runs")).hasSize(3);
    assertThat(weir.at("/runs/0/per_interval")).hasSize(2);
    assertThat(weir.at("/per_decision/cpu_micros").asDouble()).isEqualTo(100);
    assertThat(weir.at("/per_decision/changelog_bytes").asDouble()).isEqualTo(20);
  }

  @Test
  void tableSaysWhereRunsWereTooShort() {
    Comparison comparison =
        new Comparison(RequestShape.KEYED, Guarantee.AT_LEAST_ONCE, KeySpread.UNIFORM);
    comparison.add(Candidate.PASS_THROUGH, Results.run(100, 1_000, 0, 0));
    assertThat(table(comparison)).doesNotContain("less than a second");

    comparison.add(Candidate.WEIR, Results.run(100, 999, 0, 0));
    assertThat(table(comparison)).contains("less than a second");
  }

  @Test
  void tableHasALineForEachCandidate() {
    assertThat(table(COMPARISON).lines())
        .filteredOn(line -> line.startsWith("keyed"))
        .hasSize(2)
        .anyMatch(line -> line.contains("weir") && line.contains("0.83 (0.90 0.50 0.90)"));
  }

  private static String table(Comparison comparison) {
    StringWriter written = new StringWriter();
    BenchReport report = Results.report(List.of(comparison), List.of(), List.of());
    new ReportTable(Ansi.OFF).print(report, new PrintWriter(written));
    return written.toString();
  }
}
