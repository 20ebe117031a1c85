package io.weir.streams.cli.topics;

import io.weir.streams.cli.OptionTypes;
import io.weir.streams.cli.Warnings;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which topics are meant. */
final class DeclarationOptions {

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "File of topics. Without it topics.file of the settings, or Weir's own. Its topics"
              + " weir.requests, weir.decisions, … are called as topics.… of the settings say; that"
              + " of releases is left out where state is redis, which does without.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--replicas",
      paramLabel = "N",
      converter = OptionTypes.Replicas.class,
      description = "Replicas of every topic, whatever the file says: 1 for a single broker.")
  private Optional<Integer> replicas = Optional.empty();

  /**
   * The topics that are declared and used, as they are called by the settings.
   *
   * @param err is told of those that a person declares and that are not used
   */
  List<TopicSpec> declared(Settings settings, PrintWriter err) {
    Optional<Path> given = file.or(() -> settings.get(WeirSettings.TOPICS_FILE));
    Map<Boolean, List<TopicSpec>> byUse =
        TopicNames.bySettings(settings, TopicsFile.readOrBundled(given)).stream()
            .collect(
                Collectors.partitioningBy(topic -> !TopicRole.isUnused(settings, topic.name())));
    given.ifPresent(path -> tellLeftOut(path, byUse.getOrDefault(false, List.of()), err));
    List<TopicSpec> topics = byUse.getOrDefault(true, List.of());
    return replicas
        .map(number -> topics.stream().map(topic -> topic.withReplicas(number)).toList())
        .orElse(topics);
  }

  private static void tellLeftOut(Path file, List<TopicSpec> unused, PrintWriter err) {
    Warnings.print(
        err,
        unused.stream()
            .map(
                topic ->
                    topic.name()
                        + " of "
                        + file
                        + " is left out: with state: redis nothing is held that is to be released,"
                        + " so no record comes to it")
            .toList());
  }
}
