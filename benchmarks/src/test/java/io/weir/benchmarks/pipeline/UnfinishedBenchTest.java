package io.weir.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.benchmarks.harness.BenchProgress;
import io.weir.benchmarks.harness.Lines;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.Terminal;
import io.weir.streams.cli.Weir;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is said of a bench of which a late section fails. */
class UnfinishedBenchTest {
  private static final Comparison COMPARISON =
      Results.comparison(
          Guarantee.AT_LEAST_ONCE,
          KeySpread.UNIFORM,
          Map.of(Candidate.PASS_THROUGH, List.of(100.0), Candidate.WEIR, List.of(50.0)));
  private static final LatencyResult LATENCY =
      Results.latency(Guarantee.AT_LEAST_ONCE, Results.load(2, 8));

  @TempDir Path directory;
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @Test
  void tablesHaveWhatWasMeasuredAndTheErrorComesAfterThem() {
    int code = bench(FakeSections.failing(gone()), "--quick");

    assertThat(code).isEqualTo(1);
    assertThat(out.toString())
        .contains("0.50 (0.50)", "Latency of a decision")
        .endsWith(lines("Not measured, or not all of it: latency, expiry"));
    assertThat(err.toString())
        .endsWith(
            lines(
                "error: section latency: the worker weir has ended",
                "hint: its log ends so: killed"));
  }

  @Test
  void jsonAndTheFileHaveWhatWasMeasuredAndTheHeadlineHasNullForTheRest() throws IOException {
    Path file = directory.resolve("report.json");

    int code =
        bench(FakeSections.failing(gone()), "--quick", "--json", "--report", file.toString());

    assertThat(code).isEqualTo(1);
    List<String> printed = out.toString().lines().toList();
    assertThat(printed).hasSize(2);
    assertThat(Files.readString(file).strip()).isEqualTo(printed.get(0));
    JsonNode report = Lines.read(printed.get(0), JsonNode.class);
    assertThat(report.get("unfinished").toString()).isEqualTo("[\"latency\",\"expiry\"]");
    assertThat(report.get("throughput")).hasSize(1);
    assertThat(report.get("latency")).hasSize(1);
    JsonNode headline = Lines.read(printed.get(1), JsonNode.class);
    assertThat(headline.at("/share/alos_uniform").asDouble()).isEqualTo(0.5);
    assertThat(headline.at("/share/eos_zipf").isNull()).isTrue();
    assertThat(headline.at("/latency_ms/alos/p99").asDouble()).isEqualTo(8);
    assertThat(headline.at("/expiry/share").isNull()).isTrue();
    assertThat(err.toString()).contains("0.50 (0.50)").contains("error: section latency: ");
  }

  @Test
  void anErrorThatNobodyThoughtOfIsOfItsSectionToo() {
    int code = bench(FakeSections.failing(new IllegalStateException("no topic")), "--quick");

    assertThat(code).isEqualTo(1);
    assertThat(out.toString()).contains("0.50 (0.50)");
    assertThat(err.toString())
        .endsWith(
            lines(
                "error: section latency: unexpected: java.lang.IllegalStateException: no topic",
                "hint: --verbose shows where it comes from"));
  }

  @Test
  void whereNothingWasMeasuredThereIsTheErrorAloneAndAnOlderFileStays() throws IOException {
    Path file = Files.writeString(directory.resolve("report.json"), "of yesterday");
    Measurement broken =
        new FakeSections(
            measured -> {
              throw new CommandFailure("the broker does not start");
            });

    int code = bench(broken, "--json", "--report", file.toString());

    assertThat(code).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isEqualTo(lines("error: the broker does not start"));
    assertThat(file).hasContent("of yesterday");
  }

  @Test
  void theErrorOfTheSectionIsToldWhereTheFileCannotBeWrittenEither() {
    Path file = directory.resolve("report.json");
    Measurement sections =
        new FakeSections(
            measured -> {
              // Meanwhile somebody has made a directory of that name.
              createDirectory(file);
              FakeSections.failing(gone()).work.run(measured);
            });

    int code = bench(sections, "--quick", "--report", file.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("error: section latency: the worker weir has ended");
  }

  @Test
  void nothingIsUnfinishedWhereAllSectionsAreDone() {
    Measurement all =
        new FakeSections(
            measured -> measured.section(Section.THROUGHPUT, () -> measured.add(COMPARISON)));

    int code = bench(all, "--only", "throughput", "--json");

    assertThat(code).isEqualTo(0);
    assertThat(out.toString()).contains("\"unfinished\":[]");
    assertThat(err.toString()).doesNotContain("Not measured");
  }

  private int bench(Measurement sections, String... options) {
    CommandContext context =
        new CommandContext(Map.of(), InputStream.nullInputStream(), Terminal.NONE);
    CommandLine weir =
        Weir.commandLine(
                context,
                it ->
                    new BenchCommand(
                        it,
                        plan -> sections,
                        plan -> {
                          throw new IllegalStateException("no Redis");
                        }))
            .setErr(new PrintWriter(err, true))
            .setOut(new PrintWriter(out, true));
    String[] arguments = new String[options.length + 1];
    arguments[0] = "bench";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return weir.execute(arguments);
  }

  private static CommandFailure gone() {
    return new CommandFailure("the worker weir has ended", "its log ends so: killed");
  }

  private static void createDirectory(Path path) {
    try {
      Files.createDirectory(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lines(String... lines) {
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  /** Sections without a broker. */
  private record FakeSections(Work work) implements Measurement {
    interface Work {
      void run(Measured measured) throws InterruptedException;
    }

    /** One is done, of the second one part is; then that fails. */
    static FakeSections failing(RuntimeException failure) {
      return new FakeSections(
          measured -> {
            measured.section(Section.THROUGHPUT, () -> measured.add(COMPARISON));
            measured.section(
                Section.LATENCY,
                () -> {
                  measured.add(LATENCY);
                  throw failure;
                });
          });
    }

    @Override
    public int steps() {
      return 1;
    }

    @Override
    public void run(BenchProgress progress, Measured measured) throws InterruptedException {
      work.run(measured);
    }
  }
}
