package io.weir.streams.cli.traffic;

import io.weir.schemas.Decision;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.OptionType;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.Terminal;
import io.weir.streams.cli.TopicReader;
import io.weir.streams.cli.ValueSerdes;
import io.weir.streams.config.SettingTypes;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.serde.AvroJson;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Deserializer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir watch}. */
@Command(
    name = "watch",
    description = {
      "Print decisions as they are made: committed ones, from now on.",
      "On a terminal they are a table, otherwise JSON lines with the fields of the Avro schema."
    },
    footer = {
      "  ./weir watch --identifier api/user_id=42",
      "  ./weir watch --request-id r-1 --from-beginning --max 1",
      "  ./weir watch --for 10s --output json | jq .verdict"
    })
public final class WatchCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;

  @ArgGroup private Look look = new Look();

  @Option(
      names = "--identifier",
      paramLabel = "ID",
      converter = OptionTypes.IdentifierText.class,
      description =
          "Only those about this identifier, such as api/user_id=42, be it one of several: the "
              + "table names the first alone. Of several, EXPIRED tells of the first, TIMEOUT of "
              + "those that answered and RESET of those with a limit; the others are not seen.")
  private Optional<String> identifier = Optional.empty();

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      converter = OptionTypes.RequestId.class,
      description = "Only for requests of this request_id.")
  private Optional<String> requestId = Optional.empty();

  @Option(names = "--from-beginning", description = "Also those that the topic holds already.")
  private boolean fromBeginning;

  @Option(
      names = {"-n", "--max"},
      paramLabel = "N",
      converter = OptionTypes.Count.class,
      description = "End after so many.")
  private Optional<Long> max = Optional.empty();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = OptionTypes.Time.class,
      description = "End after this time, such as 10s.")
  private Optional<Duration> time = Optional.empty();

  private static final class Look {
    @Option(
        names = "--output",
        paramLabel = "FORMAT",
        converter = OutputType.class,
        description = "table or json. Without it a table on a terminal, else JSON.")
    private Optional<Output> output = Optional.empty();

    @Option(names = "--json", description = "The same as --output json.")
    private boolean json;

    Output on(Terminal terminal) {
      return json ? Output.json : output.orElse(terminal.output() ? Output.table : Output.json);
    }
  }

  /** How decisions look. */
  enum Output {
    table,
    json
  }

  private static final class OutputType extends OptionType<Output> {
    private OutputType() {
      super(SettingTypes.choice(Output.class));
    }
  }

  /** The command. */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  public WatchCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = connection.settings(context, err);
    String topic = settings.get(WeirSettings.TOPIC_DECISIONS);
    try (Deserializer<Decision> decisions =
            ValueSerdes.impatient(settings).forValues(Decision.class).deserializer();
        TopicReader reader =
            Patience.withKafka(settings, err).during(() -> open(settings, topic))) {
      err.println(
          "watching " + topic + (max.isPresent() || time.isPresent() ? "" : "; Ctrl-C ends"));
      err.flush();
      new DecisionWatch(
              decisions,
              new DecisionFilter(identifier, requestId),
              max,
              time,
              InstantSource.system(),
              spec.commandLine().getOut()::checkError,
              mistake -> {
                err.println("warning: " + mistake);
                err.flush();
              })
          .run(reader, sink());
    }
  }

  private TopicReader open(Settings settings, String topic) {
    return fromBeginning
        ? TopicReader.open(settings.consumerProperties(), topic)
        : TopicReader.openAtEnd(settings.consumerProperties(), topic);
  }

  private Consumer<Decision> sink() {
    PrintWriter out = spec.commandLine().getOut();
    return switch (look.on(context.terminal())) {
      case json ->
          decision -> {
            out.println(AvroJson.of(decision));
            out.flush();
          };
      case table -> {
        DecisionTable table =
            new DecisionTable(
                out, spec.commandLine().getColorScheme().ansi(), ZoneId.systemDefault());
        table.printHeadings();
        yield table;
      }
    };
  }
}
