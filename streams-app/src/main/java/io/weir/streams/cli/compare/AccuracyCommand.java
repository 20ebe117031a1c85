package io.weir.streams.cli.compare;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.words.Spans;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.LimitText;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Progress;
import io.weir.streams.compare.Accuracy;
import io.weir.streams.compare.AccuracyStudy;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir compare accuracy}. */
@Command(
    name = "accuracy",
    description = {
      "Hold the sliding window counter against exact counts, on the traffic of many sources.",
      "A few of them send most, at random moments, at rates that change; docs/choosing.md says how,",
      "and what comes out of 400 million requests."
    },
    footer = {
      "  ./weir compare accuracy",
      "  ./weir compare accuracy --total 400000000 --limit 10000 --json"
    })
final class AccuracyCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;

  @Option(
      names = "--sources",
      paramLabel = "N",
      converter = OptionTypes.Count.class,
      description = "How many sources there are. Without it 270000.")
  private long sources = 270_000;

  @Option(
      names = "--total",
      paramLabel = "N",
      converter = OptionTypes.Count.class,
      description = "How many requests they send together, about. Without it 20000000.")
  private long total = 20_000_000;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = OptionTypes.Count.class,
      description = "Requests that each may send in a period. Without it 10000.")
  private long limit = 10_000;

  @Option(
      names = "--per",
      paramLabel = "TIME",
      converter = OptionTypes.Period.class,
      description = "The period. Without it 1m.")
  private Duration period = Duration.ofMinutes(1);

  @Option(
      names = "--length",
      paramLabel = "TIME",
      converter = OptionTypes.Time.class,
      description = "How long they send. Without it 1h.")
  private Duration length = Duration.ofHours(1);

  @Option(
      names = "--phase",
      paramLabel = "TIME",
      converter = OptionTypes.Time.class,
      description = "How long each keeps its rate, in the mean. Without it 30s.")
  private Duration phase = Duration.ofSeconds(30);

  @Option(
      names = "--spread",
      paramLabel = "N",
      converter = OptionTypes.Spread.class,
      description =
          "How much the rates of a source differ: the standard deviation of their logarithm, from 0"
              + " (always the same rate) to 3. Without it 1.")
  private double spread = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = OptionTypes.Seed.class,
      description = "What chance goes by; the same number gives the same requests. Without it 1.")
  private long seed = 1;

  @Option(names = "--json", description = "Print all numbers as one JSON object.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  AccuracyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    if (!spec.parent().commandLine().getParseResult().matchedArgs().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "what is given before the word accuracy is of no use to it");
    }
    AccuracyStudy study;
    try {
      study =
          new AccuracyStudy(
              Limit.slidingWindowCounter(limit, period),
              new AccuracyStudy.SourceTraffic(sources, total, length, phase, spread, seed));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
    Progress progress = new Progress(spec.commandLine().getErr(), context.terminal().error());
    LongAdder judged = new LongAdder();
    Accuracy accuracy =
        study.run(
            requests -> {
              judged.add(requests);
              synchronized (progress) {
                progress.show("judged", judged.sum(), total);
              }
            });
    progress.clear();
    PrintWriter out = spec.commandLine().getOut();
    AccuracyReport report = AccuracyReport.of(study, accuracy);
    if (json) {
      Json.print(out, report);
    } else {
      print(report, out);
    }
    out.flush();
  }

  private void print(AccuracyReport report, PrintWriter out) {
    Accuracy counted = report.counted();
    out.printf(
        Locale.ROOT,
        "%,d requests of %,d sources in %s, limit %s; %.4f %% came from a source that was over it%n",
        counted.requests(),
        counted.sources(),
        Spans.brief(length.toMillis()),
        LimitText.limit(limit, period.toMillis(), limit),
        100.0 * counted.over() / Math.max(1, counted.requests()));
    out.println("as a meter, which counts all requests:");
    print(report.meter(), out);
    out.printf(
        Locale.ROOT, "  off by            %.1f %% in the mean%n", 100 * report.meanDifference());
    out.println("as a limiter, which counts what it admits:");
    print(report.limiter(), out);
    out.printf(
        Locale.ROOT,
        "  admitted          %.4f of what a sliding window log admits%n",
        report.admittedAgainstLog());
    if (counted.over() == 0) {
      out.println("nobody was over the limit; a smaller --limit or a larger --total shows more");
    }
  }

  private void print(AccuracyReport.Shares shares, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "  wrongly allowed   %.4f %%; in the mean %.1f %% over the limit%n",
        100 * shares.wronglyAllowed(),
        100 * shares.meanOver());
    out.printf(
        Locale.ROOT,
        "  wrongly denied    %.4f %%; in the mean %.1f %% of the limit was left%n",
        100 * shares.wronglyDenied(),
        100 * shares.meanLeft());
    out.printf(
        Locale.ROOT,
        "  most allowed      %.2f × the limit within %s%n",
        shares.mostAllowed(),
        Spans.brief(period.toMillis()));
  }
}
