package io.weir.streams.cli.rules;

import io.weir.streams.cli.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir rules}: holds the commands below it. */
@Command(
    name = "rules",
    description = "Check rules files, put rules in force, list them, delete them.",
    footer = {
      "  ./weir rules validate rules.yaml      what is wrong with it?",
      "  ./weir rules apply rules.yaml         put it in force, on all instances",
      "  ./weir rules list > backup.yaml       what is in force?"
    })
public final class RulesCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli injects the field
  private RulesCommand() {}

  /** The command and those below it. */
  public static CommandLine commandLine(CommandContext context) {
    return new CommandLine(new RulesCommand())
        .addSubcommand(new RulesValidateCommand(context))
        .addSubcommand(new RulesApplyCommand(context))
        .addSubcommand(new RulesListCommand(context))
        .addSubcommand(new RulesDeleteCommand(context));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which command: validate, apply, list or delete?");
  }

  static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
