package io.weir.streams.cli.rules;

import io.weir.limiter.rule.DomainRules;
import io.weir.limiter.rule.LoadedRules;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.ConfigOptions;
import io.weir.streams.cli.Warnings;
import io.weir.streams.config.Settings;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir rules validate}. */
@Command(
    name = "validate",
    description = {
      "Check rules files, without Kafka. All mistakes are reported, each with file and line.",
      "The exit code is 1 where there are any."
    },
    footer = {"  ./weir rules validate rules/*.yaml", "  ./weir rules validate --show api.yaml"})
final class RulesValidateCommand implements Runnable {
  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;
  @Mixin private RulesOptions rules;

  @Option(names = "--show", description = "Print each limit, as Weir understands it.")
  private boolean show;

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  RulesValidateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    Settings settings = config.settings(context, spec.commandLine().getErr());
    LoadedRules loaded =
        RulesFiles.read(RulesTopic.reader(settings), rules.files(), context.input());
    Warnings.print(spec.commandLine().getErr(), loaded.warnings());
    PrintWriter out = spec.commandLine().getOut();
    for (DomainRules domain : loaded.domains()) {
      Map<String, String> limits = RulesSummary.of(domain);
      out.println(domain.domain() + ": valid, " + RulesCommand.count(limits.size(), "rule"));
      if (show) {
        limits.forEach((place, limit) -> out.println("  " + place + ": " + limit));
      }
    }
    out.flush();
  }
}
