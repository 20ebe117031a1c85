package io.weir.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.benchmarks.harness.Lines;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class RedisReportTest {
  private static final RedisReport REPORT =
      RedisReports.report(
          List.of(
              RedisReports.duel(
                  1, List.of(300, 100, 400), List.of(100, 50, 400), List.of(600, 400, 500))),
          RedisReports.paced(
              List.of(400.0, 900.0, 300.0), List.of(800.0, 700.0, 900.0), List.of(200.0)));

  @Test
  void headlineHasARatioForEachNumberOfCallersAndNullForWhatWasNotMeasured() {
    JsonNode redis = Lines.tree(REPORT.headline()).get("redis");

    assertThat(redis.get("vs_bucket4j").toString()).isEqualTo("{\"1\":2.0,\"16\":null}");
    assertThat(redis.get("vs_floor").toString()).isEqualTo("{\"1\":0.5,\"16\":null}");
    assertThat(redis.get("p99_ms_at_5000").asDouble()).isEqualTo(0.4);
    assertThat(redis.get("p50_ms_at_5000").asDouble()).isEqualTo(0.1);
    assertThat(redis.get("all_p99_ms_at_5000").toString())
        .isEqualTo("{\"weir\":0.4,\"bucket4j\":0.8,\"floor\":0.2}");
    assertThat(redis.at("/per_second/weir/1").asDouble()).isEqualTo(300);
    assertThat(redis.at("/p99_us/floor/1").asDouble()).isEqualTo(400);
    assertThat(redis.at("/key_memory/weir/bytes").asInt()).isEqualTo(104);
  }

  @Test
  void headlineIsOneObjectOnOneLine() {
    String line = Lines.of(REPORT.headline());

    assertThat(line).startsWith("{\"redis\":{\"vs_bucket4j\":{").doesNotContain("\n");
    assertThat(Lines.read(line, JsonNode.class)).hasSize(1);
  }

  @Test
  void headlineOfARunWithoutTheFixedRateHasNullThere() {
    JsonNode redis =
        Lines.tree(RedisReports.report(List.of(), new Paced()).headline()).get("redis");

    assertThat(redis.get("p99_ms_at_5000").isNull()).isTrue();
  }

  @Test
  void reportOfAllRunsHasEachRunAndNoAddressWithItsPassword() {
    String line = Lines.of(REPORT.json());

    assertThat(Lines.read(line, JsonNode.class).at("/redis_report/callers/1/runs/weir")).hasSize(3);
    assertThat(line).doesNotContain("secret");
  }

  @Test
  void tableHasALineForEachCompetitorAndSaysWhatIsMissing() {
    String table = table(REPORT);

    assertThat(table.lines())
        .anyMatch(line -> line.contains("weir") && line.contains("300 (300 100 400)"))
        .anyMatch(line -> line.contains("bucket4j") && line.contains("2.00 (3.00 2.00 1.00)"))
        .anyMatch(line -> line.contains("floor") && line.contains("0.50 (0.50 0.25 0.80)"))
        .anyMatch(line -> line.contains("weir") && line.contains("0.40 (0.40 0.90 0.30)"))
        .anyMatch(line -> line.contains("floor") && line.contains("0.20 (0.20)"));
    assertThat(table).contains("Latency at 5,000 checks a second");
    assertThat(table).contains("Not measured, or not all of it: callers 16");
    assertThat(table(RedisReports.report(List.of(), new Paced())))
        .contains("latency at a fixed rate");
  }

  @Test
  void nothingMeasuredIsEmpty() {
    assertThat(REPORT.isEmpty()).isFalse();
    assertThat(new RedisMeasured(RedisReports.PLAN).report().isEmpty()).isTrue();
    assertThat(new RedisReport(RedisReports.PLAN, "", List.of(), new Paced(), Map.of()).isEmpty())
        .isTrue();
  }

  private static String table(RedisReport report) {
    StringWriter written = new StringWriter();
    report.print(Ansi.OFF, new PrintWriter(written));
    return written.toString();
  }
}
