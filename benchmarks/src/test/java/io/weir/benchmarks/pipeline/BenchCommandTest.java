package io.weir.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.benchmarks.redis.RedisPlan;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.Terminal;
import io.weir.streams.cli.Weir;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchCommandTest {
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();
  private final CommandContext context =
      new CommandContext(Map.of(), InputStream.nullInputStream(), Terminal.NONE);
  private final CommandLine weir =
      Weir.commandLine(context, BenchCommand::new)
          .setErr(new PrintWriter(err))
          .setOut(new PrintWriter(out));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rounds 0|--rounds is '0'; it must be a whole number from 1 to 1000",
        "--requests many|--requests is 'many'; it must be a whole number from 1 to 100000000",
        "--partitions -1|--partitions is '-1'; it must be a whole number from 1 to 1000",
        "--seed 1.5|--seed is '1.5'; it must be a whole number, 0 or more",
        "--only latencies|--only is 'latencies'; it must be one or more of throughput, identifiers,"
            + " hop, latency, expiry, restore, standby, separated by commas",
        "--commit-interval 5|--commit-interval is '5'; it must be a duration from 1ms to 1h",
        "--redis --callers 0|--callers is '0'; it must be a whole number from 1 to 10000",
        "--redis --seconds 0|--seconds is '0'; it must be a number above 0, such as 100 or 0.5",
        "--redis --redis-uri here|--redis-uri is 'here'; it must be the address of a Redis, such as"
            + " redis://host:6379",
        "--redis-uri redis://here|--redis-uri needs --redis",
        "--callers 1,2|--callers needs --redis",
        "--quick --seconds 1|--seconds needs --redis",
        "--warm-up-seconds 1|--warm-up-seconds needs --redis",
        "--redis --rows 9|--rows is for the topology, which --redis does not measure",
        "--redis --only latency|--only is for the topology, which --redis does not measure",
        "--round 3|there is no option --round; did you mean --rounds?"
      })
  void saysWhatIsWrongWithAnOption(String arguments, String sentence) {
    int code = weir.execute(("bench " + arguments).split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error: " + sentence)
        .contains("hint: see ./weir bench --help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void failsBeforeAnythingRunsWhereTheReportCannotBeWritten() {
    int code = weir.execute("bench", "--report", "nowhere/report.json");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).startsWith("error: the report cannot be written to nowhere");
  }

  @Test
  void quickMeasuresTheHeadlineOnly() {
    assertThat(plan("--quick").sections())
        .isEqualTo(EnumSet.of(Section.THROUGHPUT, Section.LATENCY, Section.EXPIRY));
    assertThat(plan("--quick").throughput().candidates())
        .containsExactlyInAnyOrder(Candidate.PASS_THROUGH, Candidate.WEIR);
    assertThat(plan("--quick").latency().candidates()).containsExactly(Candidate.WEIR);
    assertThat(plan().throughput().candidates()).containsExactlyInAnyOrder(Candidate.values());
    assertThat(plan().sections()).isEqualTo(EnumSet.allOf(Section.class));
  }

  @Test
  void throughputAndLatencyTakeThreeRoundsAndQuickOne() {
    assertThat(plan().throughput().rounds()).isEqualTo(3);
    assertThat(plan().latency().rounds()).isEqualTo(3);
    assertThat(plan("--quick").throughput().rounds()).isEqualTo(1);
    assertThat(plan("--quick").latency().rounds()).isEqualTo(1);
  }

  @Test
  void candidatesGetTheJvmOptionsBesideTheirOwn() {
    BenchPlan plan = plan("--jvm-option=-XX:+UseLargePages", "--jvm-option=-verbose:gc");

    assertThat(plan.jvmOptions())
        .startsWith("-Xms512m", "-Xmx512m")
        .endsWith("-XX:+UseLargePages", "-verbose:gc");
  }

  @Test
  void optionsWinOverTheDefaultsOfBothModes() {
    BenchPlan plan =
        plan(
            "--quick",
            "--only",
            "hop,latency",
            "--seed",
            "9",
            "--rounds",
            "5",
            "--commit-interval",
            "2s",
            "--rows",
            "77");

    assertThat(plan.sections()).isEqualTo(EnumSet.of(Section.HOP, Section.LATENCY));
    assertThat(plan.seed()).isEqualTo(9);
    assertThat(plan.throughput().rounds()).isEqualTo(5);
    assertThat(plan.latency().rounds()).isEqualTo(5);
    assertThat(plan.commitMillis(Guarantee.AT_LEAST_ONCE)).isEqualTo(2000);
    assertThat(plan.commitMillis(Guarantee.EXACTLY_ONCE_V2)).isEqualTo(100);
    assertThat(plan.state().idleRows()).isEqualTo(77);
  }

  @Test
  void redisHasDefaultsOfBothModes() {
    RedisPlan plan = redisPlan("--redis");

    assertThat(plan.uri()).isEmpty();
    assertThat(plan.callers()).containsExactly(1, 16, 128);
    assertThat(plan.rounds()).isEqualTo(5);
    assertThat(plan.runMillis()).isEqualTo(3_000);
    assertThat(plan.warmUpMillis()).isEqualTo(10_000);
    assertThat(plan.perSecond()).isEqualTo(5_000);
    assertThat(redisPlan("--redis", "--quick").rounds()).isEqualTo(3);
    assertThat(redisPlan("--redis", "--quick").runMillis()).isEqualTo(1_000);
    assertThat(redisPlan("--redis", "--quick").warmUpMillis()).isEqualTo(3_000);
  }

  @Test
  void redisTakesItsOwnOptionsAndThoseThatAreForBoth() {
    RedisPlan plan =
        redisPlan(
            "--redis",
            "--quick",
            "--redis-uri",
            "redis://here:1",
            "--callers",
            "4,2,4",
            "--rounds",
            "7",
            "--seconds",
            "0.25",
            "--warm-up-seconds",
            "0.5",
            "--rate",
            "100",
            "--seed",
            "9",
            "--jvm-option=-verbose:gc");

    assertThat(plan)
        .isEqualTo(
            new RedisPlan(
                Optional.of("redis://here:1"),
                List.of(4, 2),
                7,
                250,
                500,
                100,
                9,
                List.of("-verbose:gc")));
  }

  @Test
  void aRedisThatIsNotThereIsToldOf() {
    int code = weir.execute("bench", "--redis", "--redis-uri", "redis://127.0.0.1:1");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains("error: Redis at 127.0.0.1:1 does not answer: ")
        .contains("hint: without --redis-uri the bench starts a Redis of its own");
    assertThat(out.toString()).isEmpty();
  }

  private RedisPlan redisPlan(String... options) {
    BenchCommand bench = new BenchCommand(context);
    new CommandLine(bench).parseArgs(options);
    return bench.redisPlan();
  }

  private BenchPlan plan(String... options) {
    BenchCommand bench = new BenchCommand(context);
    new CommandLine(bench).parseArgs(options);
    return bench.plan();
  }
}
