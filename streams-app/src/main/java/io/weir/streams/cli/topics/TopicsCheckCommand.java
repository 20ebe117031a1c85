package io.weir.streams.cli.topics;

import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.KafkaOptions;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.TextTable;
import io.weir.streams.cli.TextTable.Cell;
import io.weir.streams.config.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir topics check}. */
@Command(
    name = "check",
    description = {
      "Say how the cluster's topics differ from the declared ones.",
      "The exit code is 1 where they do."
    },
    footer = {
      "  ./weir topics check",
      "  ./weir topics check my-topics.yml --json -b broker-1:9092"
    })
final class TopicsCheckCommand implements Callable<Integer> {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private KafkaOptions kafka;
  @Mixin private DeclarationOptions declaration;

  @Option(names = "--json", description = "Print a JSON array, one object for each difference.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  TopicsCheckCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = kafka.settings(context, err);
    List<TopicSpec> declared = declaration.declared(settings, err);
    Map<String, TopicSpec> actual =
        Patience.withKafka(settings, err).during(() -> find(settings, declared));
    List<TopicDifference> differences = TopicComparison.compare(declared, actual);
    if (json) {
      Json.print(spec.commandLine().getOut(), differences);
    } else if (differences.isEmpty()) {
      spec.commandLine().getOut().println("All " + declared.size() + " topics are as declared.");
    } else {
      printTable(settings, differences);
    }
    if (!differences.isEmpty()) {
      throw differ(differences);
    }
    return 0;
  }

  private static CommandFailure differ(List<TopicDifference> differences) {
    boolean replicas = differences.stream().anyMatch(each -> each.property().equals("replicas"));
    return new CommandFailure(
        differences.size() == 1
            ? "one difference from what is declared"
            : differences.size() + " differences from what is declared",
        "./weir topics apply makes what is missing and changes what can be changed"
            + (replicas ? "; --replicas declares another number, such as 1 for one broker" : ""));
  }

  private static Map<String, TopicSpec> find(Settings settings, List<TopicSpec> declared) {
    try (Admin admin = KafkaOptions.admin(settings)) {
      return new ClusterTopics(admin).find(declared.stream().map(TopicSpec::name).toList());
    }
  }

  private void printTable(Settings settings, List<TopicDifference> differences) {
    TextTable table =
        new TextTable(
            spec.commandLine().getColorScheme().ansi(), "TOPIC", "WHAT", "DECLARED", "ACTUAL");
    for (TopicDifference difference : differences) {
      table.add(
          Cell.plain(difference.topic()),
          Cell.plain(difference.property()),
          Cell.plain(difference.declared()),
          Cell.styled(preventsStart(settings, difference) ? "red" : "yellow", difference.actual()));
    }
    table.print(spec.commandLine().getOut());
  }

  private static boolean preventsStart(Settings settings, TopicDifference difference) {
    return TopicRole.of(settings, difference.topic())
        .filter(role -> role.preventsStart(difference))
        .isPresent();
  }
}
