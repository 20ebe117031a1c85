package io.weir.streams.cli.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesWriter;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.Json;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir rules list}. */
@Command(
    name = "list",
    description = {
      "Print the rules in force as YAML that can be applied again, a document for each domain."
    },
    footer = {"  weir rules list > backup.yaml", "  weir rules list --domain api --json"})
final class RulesListCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;

  @Option(
      names = {"-d", "--domain"},
      paramLabel = "DOMAIN",
      description = "Only of this domain.")
  private Optional<String> domain = Optional.empty();

  @Option(names = "--json", description = "Print a JSON array, one object for each domain.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  RulesListCommand(CommandContext context) {
    this.context = context;
  }

  /** One domain in JSON. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Listed(
      String domain,
      long revision,
      long writtenAt,
      @Nullable String source,
      Map<String, String> limits,
      @Nullable String yaml,
      @Nullable String problem) {

    static Listed of(RulesTopic.Entry entry) {
      return new Listed(
          entry.domain(),
          entry.revision(),
          entry.writtenAt().toEpochMilli(),
          entry.source().orElse(null),
          entry.rules().map(RulesSummary::of).orElse(Map.of()),
          entry.rules().map(rules -> new RulesWriter().write(rules)).orElse(null),
          entry.problem().orElse(null));
    }
  }

  @Override
  public void run() {
    RulesTopic topic = new RulesTopic(connection.settings(context));
    Collection<RulesTopic.Entry> entries = topic.read().values();
    List<RulesTopic.Entry> wanted = new ArrayList<>(entries);
    if (domain.isPresent()) {
      wanted.removeIf(entry -> !entry.domain().equals(domain.get()));
      if (wanted.isEmpty()) {
        throw new CommandFailure(
            "there are no rules of the domain " + domain.get() + " in " + topic.name(),
            entries.isEmpty()
                ? "./weir rules apply FILE puts some there"
                : "there are those of "
                    + String.join(", ", entries.stream().map(RulesTopic.Entry::domain).toList()));
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, wanted.stream().map(Listed::of).toList());
    } else {
      wanted.forEach(entry -> print(entry, out));
    }
    out.flush();
  }

  private void print(RulesTopic.Entry entry, PrintWriter out) {
    Optional<DomainRules> rules = entry.rules();
    Instant writtenAt = entry.writtenAt();
    if (rules.isPresent()) {
      out.println("---");
      out.println(
          "# revision "
              + entry.revision()
              + ", written "
              + writtenAt
              + entry.source().map(source -> " from " + source.replace('\n', ' ')).orElse(""));
      out.print(new RulesWriter().write(rules.get()));
    } else {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "warning: the record of the domain "
              + entry.domain()
              + " at offset "
              + entry.revision()
              + " is not in force: "
              + entry.problem().orElse("it makes no sense"));
      err.flush();
    }
  }
}
