package io.weir.streams.cli.compare;

import io.weir.limiter.rule.RulesException;
import io.weir.limiter.rule.RulesReader;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Progress;
import io.weir.streams.cli.TextTable;
import io.weir.streams.compare.Comparison;
import io.weir.streams.compare.ComparisonTable;
import io.weir.streams.compare.Result;
import io.weir.streams.compare.Traffic;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir compare}: all algorithms under the same traffic. */
@Command(
    name = "compare",
    customSynopsis = "./weir compare [OPTIONS] [TRAFFIC | FILE]... [NAME=VALUE...]",
    description = {
      "Compare what the algorithms make of the same traffic, without Kafka or Redis.",
      "TRAFFIC is steady, burst, spike, on-off or users, all of them if none is named; FILE has requests",
      "of your own, a JSON line each: {\"time\": \"2026-11-30T18:00:00.123Z\", \"domain\": \"api\",",
      "\"attributes\": {\"user_id\": \"42\"}, \"cost\": 1}, time also in milliseconds since the epoch.",
      "They are judged in the order of their times, 2,000,000 at most.",
      "With --rule your own rules judge, as they are written and with each algorithm in turn; the",
      "attributes of traffic that is made are then NAME=VALUE, where {user} stands for the user, and",
      "it is in proportion to the limit with the lowest rate that applies to them.",
      "What comes out: a table, and a page with plots that needs nothing else."
    },
    footer = {
      "  ./weir compare                                    all traffic, 100 a minute",
      "  ./weir compare spike --requests 10 --per 1s       what a window lets through twice",
      "  ./weir compare requests.jsonl --key api_key       requests of your own",
      "  ./weir compare --rule rules.yaml burst 'user_id={user}' endpoint=/login"
    })
public final class CompareCommand implements Runnable {
  private static final Path DEFAULT_PAGE = Path.of("weir-compare.html");

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "TRAFFIC | FILE | NAME=VALUE",
      description = "Traffic that is made, files of requests, and with --rule attributes.")
  private List<String> arguments = List.of();

  @Option(
      names = "--requests",
      paramLabel = "N",
      converter = OptionTypes.Count.class,
      description = "Requests that the limit grants each period. Without it 100.")
  private long requests = 100;

  @Option(
      names = "--per",
      paramLabel = "TIME",
      converter = OptionTypes.Period.class,
      description = "The period, such as 1s or 5m. Without it 1m.")
  private Duration period = Duration.ofMinutes(1);

  @Option(
      names = "--burst",
      paramLabel = "N",
      converter = OptionTypes.Count.class,
      description =
          "The most at one instant, for algorithms that have it. Without it as many as --requests.")
  private Optional<Long> burst = Optional.empty();

  @Option(
      names = "--key",
      paramLabel = "NAME",
      description = "The attribute that the limit is for, in a FILE. Without it user_id.")
  private String key = "user_id";

  @Option(
      names = "--rule",
      paramLabel = "FILE",
      converter = OptionTypes.FilePath.class,
      description = "Judge by the rules of a file instead of one limit.")
  private Optional<Path> rule = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = OptionTypes.Seed.class,
      description = "What chance goes by; the same number gives the same requests. Without it 1.")
  private long seed = 1;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      converter = OptionTypes.FilePath.class,
      description =
          "Where the page is written. Without it weir-compare.html, and none with --json.")
  private Optional<Path> html = Optional.empty();

  @Option(
      names = "--plots",
      paramLabel = "DIRECTORY",
      converter = OptionTypes.FilePath.class,
      description = "Write each plot as an SVG file, too. What is not there is made.")
  private Optional<Path> plots = Optional.empty();

  @Option(names = "--json", description = "Print all numbers as one JSON object.")
  private boolean json;

  private final CommandContext context;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  private CompareCommand(CommandContext context) {
    this.context = context;
  }

  /** The command and that below it. */
  public static CommandLine commandLine(CommandContext context) {
    return new CommandLine(new CompareCommand(context)).addSubcommand(new AccuracyCommand(context));
  }

  /**
   * What is printed as JSON.
   *
   * @param title what is compared
   * @param comparisons one for each traffic
   */
  record Report(String title, List<Comparison> comparisons) {}

  @Override
  public void run() {
    try {
      TrafficArguments given = new TrafficArguments(spec.commandLine(), arguments);
      run(given, judging(given));
    } catch (RulesException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private void run(TrafficArguments given, Judging judging) {
    ReportFiles files =
        new ReportFiles(json ? html : html.or(() -> Optional.of(DEFAULT_PAGE)), plots);
    files.prepare();
    Progress progress = new Progress(spec.commandLine().getErr(), context.terminal().error());
    List<Comparison> comparisons =
        given.traffic(judging, seed, progress).stream().map(it -> compare(it, judging)).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, new Report(judging.title(), comparisons));
    } else {
      print(judging.title(), comparisons, out);
    }
    out.flush(); // It is there whether files can be written or not.
    files.writePage(judging.title(), comparisons);
    tell("The page with plots: ", files.page());
    files.writePlots(comparisons);
    tell("The plots as SVG files: ", files.plots());
  }

  private void tell(String what, Optional<Path> where) {
    if (!json && where.isPresent()) {
      spec.commandLine().getOut().println(what + where.get());
      spec.commandLine().getOut().flush();
    }
  }

  private Judging judging(TrafficArguments given) {
    Map<String, String> attributes = given.attributes();
    if (rule.isEmpty()) {
      if (!attributes.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(),
            "attributes are for traffic under rules of your own: add --rule FILE");
      }
      return new Judging.OneLimit(requests, period, burst, key);
    }
    for (String option : List.of("--requests", "--per", "--burst", "--key")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(
            spec.commandLine(),
            option + " is of the one limit that --rule FILE takes the place of");
      }
    }
    return new Judging.OwnRules(
        rule.get().toString(), RulesReader.standard().read(rule.get()), attributes);
  }

  private Comparison compare(Traffic traffic, Judging judging) {
    LiveView view = new LiveView(spec.commandLine().getErr());
    boolean live = context.terminal().error() && !json;
    try {
      return Comparison.of(
          traffic,
          judging.rules(),
          judging.contenders(),
          cpuClock(),
          live ? new Paced(view)::over : (sofar, bins, all) -> {});
    } finally {
      view.clear();
    }
  }

  /** This thread's own time: what else the machine does is not in it. */
  private static LongSupplier cpuClock() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported()
        ? threads::getCurrentThreadCpuTime
        : System::nanoTime;
  }

  private void print(String title, List<Comparison> comparisons, PrintWriter out) {
    out.println(title);
    comparisons.forEach(comparison -> print(comparison, out));
    out.println();
    ComparisonTable.LEGEND.forEach(out::println);
    out.println();
  }

  private void print(Comparison comparison, PrintWriter out) {
    out.println();
    out.println(comparison.traffic() + ": " + comparison.description());
    TextTable table =
        new TextTable(
            spec.commandLine().getColorScheme().ansi(),
            ComparisonTable.HEADINGS.toArray(String[]::new));
    for (Result result : comparison.results()) {
      table.add(
          ComparisonTable.cells(result).stream()
              .map(TextTable.Cell::plain)
              .toArray(TextTable.Cell[]::new));
    }
    table.print(out);
    comparison.leftOut().forEach(it -> out.println(it.sentence()));
  }
}
