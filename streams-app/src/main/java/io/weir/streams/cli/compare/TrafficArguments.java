package io.weir.streams.cli.compare;

import io.weir.streams.cli.Attributes;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.Progress;
import io.weir.streams.compare.Traffic;
import io.weir.streams.compare.TrafficPattern;
import io.weir.streams.config.Nearest;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The arguments of {@code compare}: traffic that is made by its name, files of requests, and
 * attributes of the requests that are made.
 */
final class TrafficArguments {
  private static final List<String> TITLES =
      Stream.of(TrafficPattern.values()).map(TrafficPattern::title).toList();

  private final CommandLine command;
  private final List<String> named;
  private final List<String> attributes;

  /**
   * The arguments as they were given.
   *
   * @throws ParameterException if one is neither traffic, nor a file, nor an attribute, or
   *     attributes have nothing to be of
   */
  TrafficArguments(CommandLine command, List<String> arguments) {
    this.command = command;
    this.named = arguments.stream().filter(it -> !isAttribute(it)).toList();
    this.attributes = arguments.stream().filter(TrafficArguments::isAttribute).toList();
    named.forEach(this::checkThere);
    if (!attributes.isEmpty() && !named.isEmpty() && named.stream().noneMatch(TITLES::contains)) {
      throw new ParameterException(
          command,
          "attributes are for traffic that is made; the requests of a file have their own");
    }
  }

  /** Names of files may have an equals sign, as those of partitioned data do. */
  private static boolean isAttribute(String argument) {
    return argument.indexOf('=') > 0 && !isThere(argument);
  }

  private static boolean isThere(String file) {
    try {
      return Files.exists(Path.of(file));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void checkThere(String name) {
    if (!TITLES.contains(name) && !isThere(name)) {
      List<String> words = Stream.concat(TITLES.stream(), Stream.of("accuracy")).toList();
      throw new ParameterException(
          command,
          "'"
              + name
              + "' is neither traffic nor a file; traffic is one of "
              + String.join(", ", TITLES)
              + Nearest.hint(name, words));
    }
  }

  /**
   * The attributes of requests that are made.
   *
   * @throws ParameterException if one is there twice
   */
  Map<String, String> attributes() {
    return Attributes.of(command, attributes);
  }

  /**
   * The traffic, in the order in which it was named; all that can be made where none was.
   *
   * @param judging what it is for
   * @param seed what chance goes by
   * @throws CommandFailure if a file cannot be read, or traffic not be made
   */
  List<Traffic> traffic(Judging judging, long seed, Progress progress) {
    List<String> all = named.isEmpty() ? TITLES : named;
    return all.stream().map(name -> traffic(name, judging, seed, progress)).toList();
  }

  private static Traffic traffic(String name, Judging judging, long seed, Progress progress) {
    for (TrafficPattern pattern : TrafficPattern.values()) {
      if (pattern.title().equals(name)) {
        return made(pattern, judging, seed);
      }
    }
    return judging.meeting(RecordedTraffic.read(Path.of(name), progress));
  }

  private static Traffic made(TrafficPattern pattern, Judging judging, long seed) {
    if (pattern == TrafficPattern.USERS
        && judging instanceof Judging.OwnRules rules
        && !rules.tellsUsersApart()) {
      throw new CommandFailure(
          "all users would be one: no attribute has {user} in it",
          "give one, such as 'user_id={user}', or name other traffic");
    }
    TrafficPattern.Shape shape = judging.shape();
    try {
      return judging.describing(pattern.traffic(shape, seed, judging::asked), shape);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          pattern.title()
              + " is in proportion to the limit, "
              + Judging.text(shape)
              + ": "
              + e.getMessage(),
          "algorithms differ in the same way at a smaller one",
          e);
    }
  }
}
