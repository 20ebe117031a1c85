package io.weir.streams.cli.rules;

import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Patience;
import io.weir.streams.config.Settings;
import io.weir.streams.query.Domains;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
      "What goes is printed before. On a terminal the command asks; elsewhere it needs --yes. What",
      "was used is remembered until it expires; rules that are applied again find it."
    },
    footer = {
      "  ./weir rules delete api",
      "  ./weir rules delete api --yes",
      "  ./weir rules delete api --dry-run      what would go?"
    })
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

  @Option(names = "--dry-run", description = "Print what would go, and delete nothing.")
  private boolean dryRun;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  RulesDeleteCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = connection.settings(context, err);
    RulesTopic topic = new RulesTopic(settings);
    Patience patience = Patience.withBoth(settings, err);
    RulesLog log = patience.during(topic::read);
    if (!log.entries().containsKey(domain)) {
      throw new CommandFailure(
          Domains.none(log.inForce(), domain), "rules are read from the topic " + topic.name());
    }
    DomainPlan plan = DomainPlan.toDelete(domain, log);
    PlanText text = new PlanText(spec.commandLine(), false);
    text.print(List.of(plan));
    if (dryRun) {
      return;
    }
    if (!yes) {
      if (!context.terminal().input() || !isConfirmed()) {
        throw new CommandFailure("nothing was deleted", "--yes deletes without asking");
      }
      requireUnchanged(plan, patience.during(topic::read));
    }
    SortedMap<String, Optional<io.weir.schemas.DomainRules>> records = new TreeMap<>();
    records.put(domain, Optional.empty());
    new PlanExecution(topic, patience, List.of(plan)).run(records, text, err);
  }

  /** People take their time to answer, and meant what they were shown. */
  private void requireUnchanged(DomainPlan plan, RulesLog now) {
    if (now.newestOffset(domain) != plan.newestOffset()) {
      throw new CommandFailure(
          "someone else changed the rules of "
              + domain
              + " meanwhile: revision "
              + now.newestOffset(domain)
              + " is there now; nothing was deleted",
          "the same command again shows what it takes away now");
    }
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
