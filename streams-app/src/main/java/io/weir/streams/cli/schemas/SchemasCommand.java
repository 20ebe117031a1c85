package io.weir.streams.cli.schemas;

import io.weir.streams.cli.CommandContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir schemas}: holds the command below it. */
@Command(
    name = "schemas",
    description = "Register the schemas of Weir's records.",
    footer = "  ./weir schemas register")
public final class SchemasCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli injects the field
  private SchemasCommand() {}

  /** The command and that below it. */
  public static CommandLine commandLine(CommandContext context) {
    return new CommandLine(new SchemasCommand()).addSubcommand(new SchemasRegisterCommand(context));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command: register?");
  }
}
