package io.weir.streams.cli;

import io.weir.streams.config.Nearest;
import io.weir.streams.config.SecretNames;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says in one sentence what is wrong with a command line, and where the help is: the whole help
 * would push the sentence out of sight.
 *
 * @param terminal tells whether colours are welcome
 */
record UsageErrors(Terminal terminal) implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException thrown, String[] arguments) {
    CommandLine command = thrown.getCommandLine();
    Failures.print(
        command.getErr(),
        terminal,
        sentence(thrown),
        Optional.of("see " + command.getCommandSpec().qualifiedName() + " --help"));
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String sentence(ParameterException thrown) {
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    if (thrown instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return missing(missing);
    }
    if (thrown instanceof OverwrittenOptionException overwritten) {
      return name(overwritten.getOverwritten()) + " is there more than once; give it once";
    }
    if (thrown instanceof MutuallyExclusiveArgsException) {
      return exclusive(thrown);
    }
    ArgSpec argument = thrown.getArgSpec();
    if (argument != null && thrown.getCause() instanceof TypeConversionException conversion) {
      return name(argument)
          + " is '"
          + SecretNames.show(name(argument), String.valueOf(thrown.getValue()))
          + "'; "
          + (argument.arity().max() == 0 ? "it takes no value" : conversion.getMessage());
    }
    return String.valueOf(thrown.getMessage());
  }

  private static String unmatched(UnmatchedArgumentException thrown) {
    CommandSpec command = thrown.getCommandLine().getCommandSpec();
    String first = thrown.getUnmatched().get(0);
    if (thrown.isUnknownOption()) {
      String option = first.replaceFirst("=.*", "");
      // Any letter is as like to another as the next one.
      boolean isLong = option.startsWith("--");
      return "there is no option "
          + option
          + (isLong ? Nearest.hint(option, command.optionsMap().keySet()) : "");
    }
    if (!command.subcommands().isEmpty()) {
      return "there is no command " + first + Nearest.hint(first, command.subcommands().keySet());
    }
    return "the argument '" + first + "' is one too many";
  }

  private static String missing(MissingParameterException thrown) {
    ArgSpec first = thrown.getMissing().get(0);
    if (first instanceof OptionSpec option) {
      return name(option) + " needs a value, " + option.paramLabel();
    }
    return thrown.getMissing().stream().map(ArgSpec::paramLabel).collect(Collectors.joining(", "))
        + " is missing";
  }

  /** The library's text names the options, but begins and ends in words of its own. */
  private static String exclusive(ParameterException thrown) {
    String options =
        String.valueOf(thrown.getMessage())
            .replaceFirst("^Error: ", "")
            .replaceFirst(" are mutually exclusive.*", "");
    return options.replace(", ", " and ") + " exclude each other; give one of them";
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
