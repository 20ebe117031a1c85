package io.weir.streams.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Whom a command asks about: {@code api user_id=42}, or {@code --domain api user_id=42}.
 *
 * @param domain the domain; empty where it is not given
 * @param attributes the attributes of a request, in their order, at least one
 */
public record DomainAndAttributes(Optional<String> domain, Map<String, String> attributes) {

  /** Keeps the order of the attributes. */
  public DomainAndAttributes {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /**
   * Reads them.
   *
   * @param option the domain, where an option names it
   * @param arguments the arguments; without an option the first may be the domain, which has no
   *     {@code =}
   * @throws ParameterException if they make no sense, or there is no attribute
   */
  public static DomainAndAttributes of(
      CommandLine command, Optional<String> option, List<String> arguments) {
    if (arguments.contains("")) {
      throw new ParameterException(
          command,
          "an argument is empty; write the domain of the rules and NAME=VALUE, such as api"
              + " user_id=42");
    }
    if (arguments.isEmpty() && option.isEmpty()) {
      throw new ParameterException(
          command,
          "the domain of the rules and the attributes of the request are missing; write them, such"
              + " as api user_id=42");
    }
    Optional<String> first =
        arguments.stream()
            .limit(option.isPresent() ? 0 : 1)
            .filter(argument -> argument.indexOf('=') < 0)
            .findFirst();
    List<String> others = arguments.subList(first.isPresent() ? 1 : 0, arguments.size());
    if (others.isEmpty()) {
      throw new ParameterException(
          command,
          "the attributes of the request are missing; write NAME=VALUE, such as user_id=42");
    }
    return new DomainAndAttributes(option.or(() -> first), Attributes.of(command, others));
  }

  /**
   * The domain, where nothing else can tell it.
   *
   * @throws ParameterException if it is not given
   */
  public String requireDomain(CommandLine command) {
    return domain.orElseThrow(
        () ->
            new ParameterException(
                command,
                "the domain of the rules is missing; name it before the attributes, or with"
                    + " --domain"));
  }
}
