package io.weir.streams.cli.rules;

import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Patience;
import io.weir.streams.config.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir rules delete}. */
@Command(
    name = "delete",
    description = {
      "Delete all rules of a domain: its requests are allowed from then on.",
      "What was used is remembered for a while; rules that are applied again find it."
    },
    footer = {"  weir rules delete api", "  weir rules delete api --yes"})
final class RulesDeleteCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;

  @Parameters(
      paramLabel = "DOMAIN",
      converter = OptionTypes.Domain.class,
      description = "The domain.")
  private String domain;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  RulesDeleteCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = connection.settings(context, err);
    if (!yes && !context.terminal().input()) {
      throw nothingDeleted();
    }
    RulesTopic topic = new RulesTopic(settings);
    Patience patience = Patience.withBoth(settings, err);
    SortedMap<String, RulesLog.Entry> entries = patience.during(topic::read).entries();
    if (!entries.containsKey(domain)) {
      throw new CommandFailure(
          "there are no rules of the domain " + domain + " in " + topic.name(),
          entries.isEmpty() ? "" : "there are those of " + String.join(", ", entries.keySet()));
    }
    if (!yes && !isConfirmed()) {
      throw nothingDeleted();
    }
    Map<String, Long> offsets =
        patience.during(() -> topic.write(Map.of(domain, Optional.empty())));
    PrintWriter out = spec.commandLine().getOut();
    out.println(domain + ": deleted, revision " + offsets.get(domain));
    out.flush();
  }

  private static CommandFailure nothingDeleted() {
    return new CommandFailure("nothing was deleted", "--yes deletes without asking");
  }

  private boolean isConfirmed() {
    PrintWriter err = spec.commandLine().getErr();
    err.print("Delete all rules of " + domain + "? Its requests will be allowed. [y/N] ");
    err.flush();
    try {
      @Nullable String answer =
          new BufferedReader(new InputStreamReader(context.input(), StandardCharsets.UTF_8))
              .readLine();
      return answer != null
          && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      return false;
    }
  }
}
