package io.weir.streams.cli.topics;

import io.weir.streams.cli.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir topics}: holds the two commands below it. */
@Command(
    name = "topics",
    description = "Create the topics that topics.yml declares, or say how they differ.",
    footer = {
      "  ./weir topics apply                 create what is missing",
      "  ./weir topics apply --replicas 1    the same, on a single broker",
      "  ./weir topics check --json          what differs, for programs"
    })
public final class TopicsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli injects the field
  private TopicsCommand() {}

  /** The command and those below it. */
  public static CommandLine commandLine(CommandContext context) {
    return new CommandLine(new TopicsCommand())
        .addSubcommand(new TopicsApplyCommand(context))
        .addSubcommand(new TopicsCheckCommand(context));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command: apply or check?");
  }
}
