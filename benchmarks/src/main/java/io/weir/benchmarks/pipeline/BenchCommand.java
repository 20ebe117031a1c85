package io.weir.benchmarks.pipeline;

import io.weir.benchmarks.harness.BenchProgress;
import io.weir.benchmarks.harness.Lines;
import io.weir.benchmarks.harness.Once;
import io.weir.benchmarks.harness.Report;
import io.weir.benchmarks.redis.RedisBench;
import io.weir.benchmarks.redis.RedisMeasured;
import io.weir.benchmarks.redis.RedisOptions;
import io.weir.benchmarks.redis.RedisPlan;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.StopHook;
import io.weir.streams.cli.dev.EmbeddedFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir bench}. */
@Command(
    name = "bench",
    sortOptions = false,
    description = {
      "Measure on this machine what Weir costs on top of moving the records.",
      "Starts a broker as a child process and lets a loop of consume and produce (raw), a topology",
      "without state (pass-through), Weir on Kafka Streams' own store (built-in-store) and Weir itself",
      "work off the same requests in turn, each in a process of its own, with the same settings. The",
      "share is Weir's throughput as a part of the pass-through's: times depend on the machine,",
      "shares much less. Then it measures latency, expiry, restoring and the take-over by a standby.",
      "With --redis it measures the limiter on Redis beside Bucket4j instead.",
      "docs/performance.md says what the figures mean. The processes need 4 GiB of memory, and the",
      "directory for temporary files some GiB, unless it is --quick. Neither settings nor WEIR_…",
      "variables are read."
    },
    footer = {
      "  ./weir bench --quick                            the headline figures in two minutes",
      "  ./weir bench --report report.json               all of it, with a file of all runs",
      "  ./weir bench --only throughput --rounds 5       shares alone, more exactly",
      "  ./weir bench --quick --json | tail -n 1         the headline as one JSON object",
      "  ./weir bench --redis                            the limiter on Redis, beside Bucket4j"
    })
final class BenchCommand implements Callable<Integer> {
  private static final String COMMAND = "./weir bench";

  private final CommandContext context;
  private final Function<BenchPlan, Measurement> benches;
  private final Function<RedisPlan, RedisBench> redisBenches;

  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description =
          "Small numbers, and only Weir and the pass-through: the headline figures in under two"
              + " minutes, which scatter more. With --redis, short runs, in about a minute.")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "SECTION",
      split = ",",
      converter = BenchOptionTypes.OneSection.class,
      description =
          "Only these, separated by commas: throughput, identifiers (two a request), hop (re-keyed"
              + " input), latency, expiry, restore (with more partitions), standby. Without it all;"
              + " with --quick throughput, latency and expiry.")
  private List<Section> only = List.of();

  @Option(
      names = "--json",
      description =
          "Print the report as a JSON object on one line, and the headline as one on the last line;"
              + " the tables go to standard error then.")
  private boolean json;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      converter = OptionTypes.FilePath.class,
      description = "Write the report of all runs to a file, as JSON.")
  private Optional<Path> report = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = BenchOptionTypes.Seed.class,
      description = "The same seed gives the same requests. Without it 1.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      converter = BenchOptionTypes.Few.class,
      description =
          "Runs of each candidate that count, of throughput and of latency. Without it 3, with"
              + " --quick 1; with --redis 5, with --quick 3.")
  private Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--requests",
      paramLabel = "N",
      converter = BenchOptionTypes.Many.class,
      description =
          "Requests of each run, but for latency. Without it 3000000; with --quick 400000.")
  private Optional<Integer> requests = Optional.empty();

  @Option(
      names = "--partitions",
      paramLabel = "N",
      converter = BenchOptionTypes.Few.class,
      description = "Partitions of each topic. Without it 2.")
  private Optional<Integer> partitions = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      converter = BenchOptionTypes.Few.class,
      description = "Threads of each candidate. Without it 1.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--commit-interval",
      paramLabel = "TIME",
      converter = BenchOptionTypes.CommitInterval.class,
      description =
          "Time between commits at-least-once, on all sides. Without it 5s, for latency 500ms.")
  private Optional<Duration> alosCommitInterval = Optional.empty();

  @Option(
      names = "--eos-commit-interval",
      paramLabel = "TIME",
      converter = BenchOptionTypes.CommitInterval.class,
      description = "The same exactly-once. Without it 100ms.")
  private Optional<Duration> eosCommitInterval = Optional.empty();

  @Option(
      names = "--rate",
      paramLabel = "N",
      converter = BenchOptionTypes.Many.class,
      description = "Requests, or checks, a second where latency is measured. Without it 5000.")
  private Optional<Integer> rate = Optional.empty();

  @Option(
      names = "--rows",
      paramLabel = "N",
      converter = BenchOptionTypes.Many.class,
      description =
          "Idle rows in the store where expiry and restoring are measured. Without it 10000000;"
              + " with --quick 200000.")
  private Optional<Integer> rows = Optional.empty();

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description =
          "An option for the JVM of each candidate besides, such as a profiler's agent. May be"
              + " repeated.")
  private List<String> jvmOptions = List.of();

  @Mixin private final RedisOptions redis = new RedisOptions();

  /** The command. */
  BenchCommand(CommandContext context) {
    this(
        context,
        plan -> new Bench(EmbeddedFiles.ofCheckout(COMMAND), plan),
        plan -> new RedisBench(() -> EmbeddedFiles.ofCheckout(COMMAND), plan));
  }

  /**
   * The command.
   *
   * @param benches makes what measures a plan
   * @param redisBenches makes what measures one on Redis
   */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  BenchCommand(
      CommandContext context,
      Function<BenchPlan, Measurement> benches,
      Function<RedisPlan, RedisBench> redisBenches) {
    this.context = context;
    this.benches = benches;
    this.redisBenches = redisBenches;
  }

  @Override
  public Integer call() throws InterruptedException {
    redis.requireFitting(spec.commandLine());
    report.ifPresent(BenchCommand::requireWritable);
    if (redis.isChosen()) {
      RedisPlan plan = redisPlan();
      RedisBench bench = redisBenches.apply(plan);
      RedisMeasured measured = new RedisMeasured(plan);
      measure(bench.steps(), progress -> bench.run(progress, measured), measured::report);
    } else {
      BenchPlan plan = plan();
      Measurement bench = benches.apply(plan);
      Measured measured = new Measured(plan);
      measure(bench.steps(), progress -> bench.run(progress, measured), measured::report);
    }
    return 0;
  }

  /** What runs. */
  private interface Work {
    void run(BenchProgress progress) throws InterruptedException;
  }

  private void measure(int steps, Work work, Supplier<? extends Report> measured)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    BenchProgress progress =
        new BenchProgress(err, context.terminal().error(), steps, System::nanoTime);
    Once reporting =
        new Once(
            () -> {
              progress.stop();
              report(measured.get(), out, err);
            });
    // However it ends, with an error or by Ctrl-C: what took so long to measure is not lost.
    try (StopHook unused = new StopHook(reporting::close);
        reporting) {
      work.run(progress);
    }
  }

  private void report(Report measured, PrintWriter out, PrintWriter err) {
    if (measured.isEmpty()) {
      return; // Least of all over the file of another run.
    }
    measured.print(spec.commandLine().getColorScheme().ansi(), json ? err : out);
    String all = Lines.of(measured.json());
    report.ifPresent(file -> write(file, all));
    if (json) {
      out.println(all);
      out.println(Lines.of(measured.headline()));
      out.flush();
    }
  }

  /** What the options ask for on Redis. */
  RedisPlan redisPlan() {
    return redis.plan(quick, rounds, rate, seed, jvmOptions);
  }

  /** What the options ask for. */
  BenchPlan plan() {
    return new BenchPlanner(quick)
        .only(only)
        .seed(seed)
        .rounds(rounds)
        .requests(requests)
        .partitions(partitions)
        .threads(threads)
        .commitInterval(Guarantee.AT_LEAST_ONCE, alosCommitInterval)
        .commitInterval(Guarantee.EXACTLY_ONCE_V2, eosCommitInterval)
        .rate(rate)
        .rows(rows)
        .jvmOptions(jvmOptions)
        .plan();
  }

  /** Known before anything starts: what is wrong with it must not be told after half an hour. */
  private static void requireWritable(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null
        || Files.isDirectory(file)
        || !Files.isWritable(Files.exists(file) ? file : directory)) {
      throw new CommandFailure(
          "the report cannot be written to " + file,
          "--report names a file that may be written, in a directory that is there");
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text + "\n", StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailure("the report cannot be written to " + file + ": " + e, e);
    }
  }
}
