package io.weir.benchmarks.pipeline;

import io.weir.streams.cli.dev.EmbeddedFiles;
import io.weir.streams.cli.dev.KafkaProcess;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.InProcessSchemaRegistryClient;
import io.weir.streams.topology.WeirSerdes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures what share of the throughput of a pass-through topology Weir keeps: identical requests,
 * keyed by identifier already, equal settings, one thread, the candidates in turn.
 */
@Command(
    name = "pipeline-bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure what share of a pass-through topology's throughput Weir keeps, on a broker of its"
          + " own.",
      "The candidates run in turn; the first round warms up and does not count. Times depend on the"
          + " machine: compare the shares."
    })
public final class PipelineBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The checkout, which is built. Default: ${DEFAULT-VALUE}.")
  private Path home;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Requests of each run. Default: ${DEFAULT-VALUE}.")
  private int requests;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each candidate that count. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "2",
      description = "Partitions of each topic. Default: ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--guarantees",
      split = ",",
      paramLabel = "G",
      defaultValue = "at_least_once,exactly_once_v2",
      description = "Guarantees. Default: ${DEFAULT-VALUE}.")
  private List<String> guarantees;

  @Option(
      names = "--spreads",
      split = ",",
      paramLabel = "S",
      defaultValue = "uniform,zipf",
      description =
          "How requests are spread: uniform over 100,000 identifiers, zipf (1.0) over 1,000,000."
              + " Default: ${DEFAULT-VALUE}.")
  private List<KeySpread> spreads;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  private PipelineBench() {}

  /** Runs the bench and ends the process. */
  public static void main(String... arguments) {
    System.exit(
        new CommandLine(new PipelineBench())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    WeirSerdes serdes = WeirSerdes.from(AvroSerdes.over(new InProcessSchemaRegistryClient()));
    EmbeddedFiles files = new EmbeddedFiles(home.resolve("streams-app/embedded/target"));
    // On a machine that is busy the only broker must not be taken for dead.
    Map<String, String> patient =
        Map.of("broker.session.timeout.ms", "600000", "broker.heartbeat.interval.ms", "5000");
    say("starting a broker");
    try (KafkaProcess kafka = KafkaProcess.start(files, patient);
        Admin admin =
            Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
      BenchTopics topics = new BenchTopics(admin, kafka.bootstrapServers(), serdes, partitions);
      topics.loadRules();
      for (KeySpread spread : spreads) {
        say("writing " + requests + " requests, " + name(spread));
        topics.loadRequests(spread, requests);
      }
      int run = 0;
      for (String guarantee : guarantees) {
        for (KeySpread spread : spreads) {
          Map<Candidate, List<Double>> perSecond = new EnumMap<>(Candidate.class);
          for (int round = 0; round <= rounds; round++) {
            for (Candidate candidate : Candidate.values()) {
              double rate =
                  new ThroughputRun(
                          topics,
                          serdes,
                          kafka.bootstrapServers(),
                          kafka.log().resolveSibling("state"),
                          "bench-" + run++,
                          guarantee,
                          spread,
                          requests,
                          partitions)
                      .perSecond(candidate);
              say(
                  "%s %s, %s, %s: %.0f/s"
                      .formatted(
                          round == 0 ? "warm-up" : "run " + round,
                          guarantee,
                          name(spread),
                          name(candidate),
                          rate));
              if (round > 0) {
                perSecond.computeIfAbsent(candidate, key -> new ArrayList<>()).add(rate);
              }
            }
          }
          print(guarantee, spread, perSecond);
        }
      }
    }
    return 0;
  }

  private void print(String guarantee, KeySpread spread, Map<Candidate, List<Double>> perSecond) {
    PrintWriter out = spec.commandLine().getOut();
    double passed = median(perSecond.getOrDefault(Candidate.PASS_THROUGH, List.of()));
    perSecond.forEach(
        (candidate, rates) ->
            out.printf(
                Locale.ROOT,
                "%-16s %-8s %-15s %8.0f/s  share %.2f%n",
                guarantee,
                name(spread),
                name(candidate),
                median(rates),
                median(rates) / passed));
    out.flush();
  }

  private static double median(List<Double> rates) {
    List<Double> sorted = rates.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
