package io.weir.streams.cli.traffic;

import io.weir.streams.cli.Attributes;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.OptionTypes;
import java.util.List;
import java.util.Optional;
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
      converter = OptionTypes.Domain.class,
      description = "Send requests of this domain, with the attributes NAME=VALUE.")
  private Optional<String> domain = Optional.empty();

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      converter = OptionTypes.Count.class,
      description = "With --domain, send it so often. Default: 1.")
  private Optional<Long> count = Optional.empty();

  @Option(
      names = "--cost",
      paramLabel = "N",
      converter = OptionTypes.Cost.class,
      description = "With --domain, the tokens that it takes; 0 peeks. Default: 1.")
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
    if (domain.isPresent()) {
      return RequestSource.repeated(
          domain.get(),
          Attributes.of(commandLine, arguments),
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
