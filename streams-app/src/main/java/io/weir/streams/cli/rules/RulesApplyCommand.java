package io.weir.streams.cli.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.LoadedRules;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.Warnings;
import io.weir.streams.config.Settings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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
      "Domains that the files do not name stay as they are. What was used is kept."
    },
    footer = {
      "  weir rules apply rules/*.yaml",
      "  weir rules apply --dry-run api.yaml      what would change?",
      "  weir rules list --domain api | sed 's/: 10$/: 20/' | weir rules apply -"
    })
final class RulesApplyCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private RulesOptions rules;

  @Option(names = "--dry-run", description = "Say what would change, and change nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print a JSON array, one object for each domain.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  RulesApplyCommand(CommandContext context) {
    this.context = context;
  }

  /** What becomes of one domain. */
  private enum Outcome {
    created,
    changed,
    /** The same rules again, after a record that is skipped. */
    repaired,
    unchanged
  }

  /**
   * What became of one domain.
   *
   * @param revision the offset of the record in force; null where it was not written yet
   * @param changes the limits that were added (+), changed (~) and taken away (-)
   */
  private record Result(
      String domain,
      Outcome outcome,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long revision,
      List<String> changes) {}

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = connection.settings(context, err);
    LoadedRules loaded =
        RulesFiles.read(RulesTopic.reader(settings), rules.files(), context.input());
    Warnings.print(err, loaded.warnings());
    RulesTopic topic = new RulesTopic(settings);
    print(
        Patience.withBoth(settings, err)
            .during(
                () -> {
                  List<Result> results = compare(loaded.domains(), topic.read().entries());
                  return dryRun ? results : write(topic, loaded.domains(), results);
                }));
  }

  private static List<Result> compare(
      List<DomainRules> wanted, Map<String, RulesLog.Entry> inForce) {
    List<Result> results = new ArrayList<>();
    for (DomainRules rules : wanted) {
      Optional<RulesLog.Entry> entry = Optional.ofNullable(inForce.get(rules.domain()));
      Optional<DomainRules> before = entry.flatMap(RulesLog.Entry::rules);
      Outcome outcome = entry.isEmpty() ? Outcome.created : Outcome.changed;
      if (before.isPresent() && before.get().withRevision(0).equals(rules.withRevision(0))) {
        // A skipped record after them would hide them from instances that start later.
        boolean hidden = entry.flatMap(RulesLog.Entry::skipped).isPresent();
        outcome = hidden ? Outcome.repaired : Outcome.unchanged;
      }
      results.add(
          new Result(
              rules.domain(),
              outcome,
              before.map(DomainRules::revision).orElse(null),
              RulesSummary.changes(
                  before.map(RulesSummary::of).orElse(Map.of()), RulesSummary.of(rules))));
    }
    return results;
  }

  private List<Result> write(RulesTopic topic, List<DomainRules> wanted, List<Result> results) {
    Map<String, Optional<io.weir.schemas.DomainRules>> records = new TreeMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      if (results.get(i).outcome() != Outcome.unchanged) {
        DomainRules domain = wanted.get(i);
        records.put(
            domain.domain(), Optional.of(topic.toRecord(domain, String.join(" ", rules.files()))));
      }
    }
    if (records.isEmpty()) {
      return results;
    }
    Map<String, Long> offsets = topic.write(records);
    return results.stream()
        .map(
            result ->
                new Result(
                    result.domain(),
                    result.outcome(),
                    offsets.getOrDefault(result.domain(), result.revision()),
                    result.changes()))
        .toList();
  }

  private void print(List<Result> results) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, results);
      return;
    }
    for (Result result : results) {
      out.println(
          result.domain()
              + ": "
              + (dryRun && result.outcome() != Outcome.unchanged ? "would be " : "")
              + result.outcome()
              + (dryRun || result.revision() == null ? "" : ", revision " + result.revision()));
      result.changes().forEach(change -> out.println("  " + change));
      if (result.outcome() == Outcome.changed && result.changes().isEmpty()) {
        out.println("  the limits stay; their order, metadata or metrics change");
      }
    }
    out.flush();
  }
}
