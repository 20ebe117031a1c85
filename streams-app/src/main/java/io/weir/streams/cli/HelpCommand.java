package io.weir.streams.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code weir help}: what {@code --help} prints, for who asks so. */
@Command(
    name = "help",
    helpCommand = true,
    description = "Explain a command, as --help does.",
    footer = {
      "  ./weir help                     all commands",
      "  ./weir help rules apply         one"
    })
final class HelpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command to explain.")
  private List<String> path = List.of();

  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  HelpCommand() {}

  @Override
  public Integer call() {
    CommandLine command = spec.commandLine().getParent();
    for (String name : path) {
      command = subcommand(command, name);
    }
    command.usage(spec.commandLine().getOut());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static CommandLine subcommand(CommandLine command, String name) {
    @Nullable CommandLine found = command.getSubcommands().get(name);
    if (found == null) {
      throw new UnmatchedArgumentException(command, List.of(name));
    }
    return found;
  }
}
