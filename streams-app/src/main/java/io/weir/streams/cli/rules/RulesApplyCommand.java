package io.weir.streams.cli.rules;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.LoadedRules;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.Warnings;
import io.weir.streams.config.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir rules apply}. */
@Command(
    name = "apply",
    description = {
      "Put rules in force: one record for each domain, which replaces all rules of that domain.",
      "Domains that the files do not name stay as they are. What will change is printed before it",
      "does, limit by limit, and so is what becomes of what was used."
    },
    footer = {
      "  ./weir rules apply rules/*.yaml",
      "  ./weir rules apply --dry-run api.yaml      what would change?",
      "  ./weir rules apply --check rules/*.yaml    is it all in force? for scripts",
      "  ./weir rules list --domain api | sed 's/: 10$/: 20/' | ./weir rules apply -"
    })
final class RulesApplyCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private RulesOptions rules;

  @Option(names = "--dry-run", description = "Print what would change, and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--check",
      description = "As --dry-run; the exit code is 1 where something would change.")
  private boolean check;

  @Option(
      names = "--json",
      description = "Print a JSON array at the end, one object for each domain.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  RulesApplyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = connection.settings(context, err);
    LoadedRules loaded =
        RulesFiles.read(RulesTopic.reader(settings), rules.files(), context.input());
    Warnings.print(err, loaded.warnings());
    RulesTopic topic = new RulesTopic(settings);
    Patience patience = Patience.withBoth(settings, err);
    List<DomainPlan> plans =
        patience.during(() -> DomainPlan.toApply(loaded.domains(), topic.read()));
    PlanText text = new PlanText(spec.commandLine(), json);
    text.print(plans);
    PlanExecution execution = new PlanExecution(topic, patience, plans);
    boolean isToDo = plans.stream().anyMatch(DomainPlan::isToDo);
    try {
      if (isToDo && !dryRun && !check) {
        execution.run(records(topic, loaded.domains(), plans), text, err);
      }
    } finally {
      // What was done before something failed must be told too.
      if (json) {
        Json.print(spec.commandLine().getOut(), execution.results());
      }
    }
    if (check && isToDo) {
      throw new CommandFailure(
          "the rules in force are not those of " + String.join(" ", rules.files()),
          "./weir rules apply without --check puts these in force");
    }
  }

  private SortedMap<String, Optional<io.weir.schemas.DomainRules>> records(
      RulesTopic topic, List<DomainRules> wanted, List<DomainPlan> plans) {
    SortedMap<String, Optional<io.weir.schemas.DomainRules>> records = new TreeMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      if (plans.get(i).isToDo()) {
        DomainRules domain = wanted.get(i);
        records.put(
            domain.domain(), Optional.of(topic.toRecord(domain, String.join(" ", rules.files()))));
      }
    }
    return records;
  }
}
