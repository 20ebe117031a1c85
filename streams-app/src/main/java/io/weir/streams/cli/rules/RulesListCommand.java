package io.weir.streams.cli.rules;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.RulesWriter;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.Json;
import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Patience;
import io.weir.streams.config.Settings;
import io.weir.streams.query.Domains;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
    footer = {"  ./weir rules list > backup.yaml", "  ./weir rules list --domain api --json"})
final class RulesListCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;

  @Option(
      names = {"-d", "--domain"},
      paramLabel = "DOMAIN",
      converter = OptionTypes.Domain.class,
      description = "Only of this domain.")
  private Optional<String> domain = Optional.empty();

  @Option(names = "--json", description = "Print a JSON array, one object for each domain.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  RulesListCommand(CommandContext context) {
    this.context = context;
  }

  /**
   * One domain in JSON, or one record that names none.
   *
   * @param revision the offset of the record in force; null where none is, as what comes of it
   * @param problem why the newest record is skipped
   * @param problemRevision the offset of that record
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Listed(
      @Nullable String domain,
      @Nullable Long revision,
      @Nullable Long writtenAt,
      @Nullable String source,
      Map<String, String> limits,
      @Nullable String yaml,
      @Nullable String problem,
      @Nullable Long problemRevision) {

    static Listed of(RulesLog.Entry entry) {
      Optional<RulesLog.InForce> inForce = entry.inForce();
      Optional<RulesLog.Skipped> skipped = entry.skipped();
      return new Listed(
          entry.domain(),
          entry.rules().map(DomainRules::revision).orElse(null),
          inForce.map(rules -> rules.writtenAt().toEpochMilli()).orElse(null),
          inForce.flatMap(RulesLog.InForce::source).orElse(null),
          entry.rules().map(RulesSummary::of).orElse(Map.of()),
          entry.rules().map(rules -> new RulesWriter().write(rules)).orElse(null),
          skipped.map(RulesLog.Skipped::problem).orElse(null),
          skipped.map(RulesLog.Skipped::offset).orElse(null));
    }

    static Listed of(RulesLog.Skipped skipped) {
      return new Listed(
          null, null, null, null, Map.of(), null, skipped.problem(), skipped.offset());
    }
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    Settings settings = connection.settings(context, err);
    RulesTopic topic = new RulesTopic(settings);
    RulesLog log = Patience.withBoth(settings, err).during(topic::read);
    List<RulesLog.Entry> wanted = new ArrayList<>(log.entries().values());
    List<RulesLog.Skipped> withoutDomain = log.withoutDomain();
    if (domain.isPresent()) {
      wanted.removeIf(entry -> !entry.domain().equals(domain.get()));
      withoutDomain = List.of();
      if (wanted.isEmpty()) {
        throw new CommandFailure(
            Domains.none(log.inForce(), domain.get()),
            "rules are read from the topic " + topic.name());
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(
          out,
          Stream.concat(wanted.stream().map(Listed::of), withoutDomain.stream().map(Listed::of))
              .toList());
    } else {
      wanted.forEach(entry -> print(entry, out));
      withoutDomain.forEach(skipped -> warn("the record" + text(skipped)));
      if (wanted.isEmpty()) {
        err.println(
            "There are no rules in " + topic.name() + "; ./weir rules apply FILE puts some there.");
        err.flush();
      }
    }
    out.flush();
  }

  private void print(RulesLog.Entry entry, PrintWriter out) {
    entry.inForce().ifPresent(inForce -> print(inForce, out));
    entry
        .skipped()
        .ifPresent(
            skipped ->
                warn(
                    "the record of the domain "
                        + entry.domain()
                        + text(skipped)
                        + entry
                            .rules()
                            .map(
                                rules ->
                                    "; revision "
                                        + rules.revision()
                                        + " stays in force until the topic is compacted and an"
                                        + " instance starts; apply the rules again")
                            .orElse("; the domain has no rules in force; apply correct ones")));
  }

  private static void print(RulesLog.InForce inForce, PrintWriter out) {
    out.println("---");
    out.println(
        "# revision "
            + inForce.rules().revision()
            + ", written "
            + inForce.writtenAt()
            + inForce.source().map(source -> " from " + source.replace('\n', ' ')).orElse(""));
    out.print(new RulesWriter().write(inForce.rules()));
  }

  private static String text(RulesLog.Skipped skipped) {
    return " at offset " + skipped.offset() + " is skipped: " + skipped.problem();
  }

  private void warn(String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("warning: " + sentence);
    err.flush();
  }
}
