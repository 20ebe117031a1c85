package io.weir.streams.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Whom a command asks about: arguments and options to be mixed in. */
public final class AskedOptions {
  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "DOMAIN NAME=VALUE...",
      description =
          "The domain of the rules, unless --domain names it, and the attributes of the request,"
              + " those of one request all together.")
  private List<String> arguments = List.of();

  @Option(
      names = {"-d", "--domain"},
      paramLabel = "DOMAIN",
      converter = OptionTypes.Domain.class,
      description = "The domain of the rules.")
  private Optional<String> domain = Optional.empty();

  /** None given yet. */
  public AskedOptions() {}

  /**
   * Whom it is about.
   *
   * @throws ParameterException if that makes no sense
   */
  public DomainAndAttributes read(CommandLine command) {
    return DomainAndAttributes.of(command, domain, arguments);
  }

  /** Whether the option names the domain. */
  public boolean namesDomain() {
    return domain.isPresent();
  }
}
