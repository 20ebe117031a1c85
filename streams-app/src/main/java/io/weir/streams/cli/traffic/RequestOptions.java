package io.weir.streams.cli.traffic;

import io.weir.streams.cli.CommandContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which requests are meant. */
final class RequestOptions {

  @Option(
      names = {"-d", "--domain"},
      paramLabel = "DOMAIN",
      description = "Send requests of this domain, with the attributes NAME=VALUE.")
  private Optional<String> domain = Optional.empty();

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "With --domain, send it so often. Default: 1.")
  private Optional<Long> count = Optional.empty();

  @Option(
      names = "--cost",
      paramLabel = "N",
      description = "With --domain, the tokens that it takes. Default: 1.")
  private Optional<Long> cost = Optional.empty();

  /**
   * The requests.
   *
   * @param arguments the command's arguments
   * @param onBadLine told the place and the mistake of a line that is no request
   * @throws ParameterException if the arguments make no sense together
   */
  RequestSource source(
      CommandLine commandLine,
      List<String> arguments,
      CommandContext context,
      BiConsumer<String, String> onBadLine) {
    count.ifPresent(number -> PositiveNumber.require(commandLine, "--count", number));
    if (domain.isPresent()) {
      Map<String, String> attributes = new TreeMap<>();
      for (String argument : arguments) {
        int equals = argument.indexOf('=');
        if (equals <= 0) {
          throw new ParameterException(
              commandLine, "'" + argument + "' is no attribute; write NAME=VALUE");
        }
        attributes.put(argument.substring(0, equals), argument.substring(equals + 1));
      }
      return RequestSource.repeated(
          domain.get(),
          attributes,
          cost.orElse(1L),
          count.orElse(1L),
          () -> UUID.randomUUID().toString());
    }
    if (count.isPresent() || cost.isPresent()) {
      throw new ParameterException(
          commandLine,
          (count.isPresent() ? "--count" : "--cost")
              + " needs --domain; the lines of a file say themselves what they ask for");
    }
    if (arguments.size() > 1) {
      throw new ParameterException(
          commandLine, "one file at a time; attributes NAME=VALUE need --domain");
    }
    RequestLine lines = new RequestLine(() -> UUID.randomUUID().toString());
    return arguments.isEmpty() || arguments.get(0).equals("-")
        ? RequestSource.lines("standard input", context.input(), lines, onBadLine)
        : RequestSource.file(arguments.get(0), lines, onBadLine);
  }
}
