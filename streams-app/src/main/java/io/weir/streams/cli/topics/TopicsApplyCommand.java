package io.weir.streams.cli.topics;

import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.KafkaOptions;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.TextTable;
import io.weir.streams.cli.TextTable.Cell;
import io.weir.streams.config.Settings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir topics apply}. */
@Command(
    name = "apply",
    description = {
      "Create the declared topics that are missing, and set the configuration of the others.",
      "Nothing is ever deleted. The exit code is 1 where something differs that is not changed here;",
      "it stands in a line of its own then, beside what was changed."
    },
    footer = {
      "  ./weir topics apply --dry-run          what would be done",
      "  ./weir topics apply my-topics.yml -b broker-1:9092"
    })
final class TopicsApplyCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;
  @Mixin private DeclarationOptions declaration;

  @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
  private boolean dryRun;

  @Option(
      names = "--add-partitions",
      description =
          "Add partitions where the file declares more than there are. Identifiers move to other"
              + " partitions, away from what they have used: every limit starts anew for those"
              + " that move.")
  private boolean addPartitions;

  @Option(names = "--json", description = "Print a JSON array, one object for each topic.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  TopicsApplyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = kafka.settings(context, err);
    List<TopicSpec> declared = declaration.declared(settings, err);
    List<TopicsApplier.Result> results = new ArrayList<>();
    boolean finished = false;
    try {
      finished =
          Patience.withKafka(settings, err).during(() -> apply(settings, declared, results::add));
    } finally {
      // What was done before something failed must be told too.
      if (finished || !results.isEmpty()) {
        print(results);
      }
    }
    return results.stream().anyMatch(it -> it.outcome() == TopicsApplier.Outcome.DIFFERS) ? 1 : 0;
  }

  private boolean apply(
      Settings settings, List<TopicSpec> declared, Consumer<TopicsApplier.Result> sink) {
    try (Admin admin = KafkaOptions.admin(settings)) {
      new TopicsApplier(new ClusterTopics(admin), addPartitions, dryRun).apply(declared, sink);
      return true;
    }
  }

  private void print(List<TopicsApplier.Result> results) {
    if (json) {
      Json.print(spec.commandLine().getOut(), results);
    } else {
      printTable(results);
    }
  }

  private void printTable(List<TopicsApplier.Result> results) {
    TextTable table =
        new TextTable(spec.commandLine().getColorScheme().ansi(), "TOPIC", "OUTCOME", "DETAILS");
    for (TopicsApplier.Result result : results) {
      if (result.outcome() == TopicsApplier.Outcome.UNCHANGED) {
        add(table, result.topic(), result.outcome(), "");
      }
      TopicsApplier.Outcome ofDone =
          result.outcome() == TopicsApplier.Outcome.CREATED
              ? TopicsApplier.Outcome.CREATED
              : TopicsApplier.Outcome.CHANGED;
      result.done().forEach(detail -> add(table, result.topic(), ofDone, detail));
      result
          .left()
          .forEach(detail -> add(table, result.topic(), TopicsApplier.Outcome.DIFFERS, detail));
    }
    table.print(spec.commandLine().getOut());
    if (dryRun) {
      spec.commandLine().getErr().println("Nothing was done: this was a dry run.");
      spec.commandLine().getErr().flush();
    }
  }

  private static void add(
      TextTable table, String topic, TopicsApplier.Outcome outcome, String detail) {
    table.add(
        Cell.plain(topic),
        Cell.styled(style(outcome), outcome.name().toLowerCase(Locale.ROOT)),
        Cell.plain(detail));
  }

  private static String style(TopicsApplier.Outcome outcome) {
    return switch (outcome) {
      case UNCHANGED -> "faint";
      case CREATED, CHANGED -> "green";
      case DIFFERS -> "yellow";
    };
  }
}
