package io.weir.streams.cli.traffic;

import io.weir.schemas.RequestEvent;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.Progress;
import io.weir.streams.cli.StopHook;
import io.weir.streams.config.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir send}. */
@Command(
    name = "send",
    description = {
      "Send requests to the requests topic.",
      "They come from a file of JSON lines, from standard input, or, with --domain, from the command",
      "line. A line has the fields of the Avro schema: domain, attributes and, if wanted,",
      "request_id, cost, operation and charged_at. CHECK takes the cost; PEEK takes nothing and says",
      "what a cost of 1 would get; REFUND gives the cost back that was charged at charged_at, in",
      "milliseconds since the epoch or as \"2026-11-21T18:00:00.123Z\"; RESET forgets. ./weir refund",
      "and ./weir reset send one of those and wait for its answer. A line that is no request is",
      "reported and left out; the exit code is 1 then. What a line asks for is sent as it is, so that",
      "one can see how nonsense is refused; --domain and --cost are checked here."
    },
    footer = {
      "  ./weir send --domain api user_id=42 endpoint=/login --count 10",
      "  ./weir send requests.jsonl --rate 100",
      "  echo '{\"domain\": \"api\", \"attributes\": {\"user_id\": \"42\"}}' | ./weir send"
    })
public final class SendCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private RequestOptions requests;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE | NAME=VALUE",
      description =
          "A file of JSON lines, - or nothing for standard input; with --domain, "
              + "attributes of a request.")
  private List<String> arguments = List.of();

  @Option(
      names = "--rate",
      paramLabel = "R",
      converter = OptionTypes.Rate.class,
      description = "Send so many requests a second, such as 100 or 0.5.")
  private Optional<Double> rate = Optional.empty();

  @Option(
      names = "--json",
      description = "Print a JSON line for each request that has arrived: where it is.")
  private boolean json;

  /** The command. */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  public SendCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Progress progress = new Progress(spec.commandLine().getErr(), context.terminal().error());
    RequestSource source =
        requests.source(
            spec.commandLine(),
            arguments,
            context,
            (place, mistake) -> report(progress, place, mistake));
    Settings settings = connection.settings(context, spec.commandLine().getErr());
    Pace pace = rate.map(Pace::of).orElseGet(Pace::unlimited);
    RequestsTopic requestsTopic = new RequestsTopic(settings);
    String topic = requestsTopic.name();
    Patience withBoth = Patience.withBoth(settings, spec.commandLine().getErr());
    Patience withKafka = Patience.withKafka(settings, spec.commandLine().getErr());
    Function<RequestEvent, Optional<String>> keys = withBoth.during(requestsTopic::keys);
    RequestSender sender;
    try (Producer<@Nullable String, RequestEvent> producer = requestsTopic.producer()) {
      sender = new RequestSender(producer, topic, keys, this::arrived);
      PatientSender patient = new PatientSender(sender, withBoth::run, withKafka::run);
      try (StopHook unused = new StopHook(stopping(sender, topic))) {
        source.forEach(
            request -> {
              pace.await();
              patient.send(request);
              progress.show("sent", sender.sent());
            });
        // A word on the wait must stand on a line of its own.
        progress.clear();
        patient.finish();
      }
    } finally {
      // An error too must stand on a line of its own.
      progress.clear();
    }
    if (!json && !sender.isStopped()) {
      spec.commandLine().getOut().println("sent " + count(sender.sent()) + " to " + topic);
      spec.commandLine().getOut().flush();
    }
    return source.badLines() == 0 ? 0 : 1;
  }

  private Runnable stopping(RequestSender sender, String topic) {
    return () -> {
      sender.stop();
      PrintWriter err = spec.commandLine().getErr();
      err.println("stopped: sent " + count(sender.sent()) + " to " + topic);
      err.flush();
    };
  }

  private static String count(long requests) {
    return requests == 1 ? "1 request" : "%,d requests".formatted(requests);
  }

  private void report(Progress progress, String place, String mistake) {
    progress.clear();
    spec.commandLine().getErr().println("error: " + place + ": " + mistake);
    spec.commandLine().getErr().flush();
  }

  private void arrived(RequestEvent request, RecordMetadata metadata) {
    if (json) {
      Json.print(spec.commandLine().getOut(), Arrival.of(request, metadata));
    }
  }
}
