package io.weir.streams.cli.topics;

import io.weir.streams.cli.OptionTypes;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  /** The topics that are declared and used, as they are called by the settings. */
  List<TopicSpec> declared(Settings settings) {
    List<TopicSpec> topics =
        TopicNames.bySettings(
                settings,
                TopicsFile.readOrBundled(file.or(() -> settings.get(WeirSettings.TOPICS_FILE))))
            .stream()
            .filter(topic -> !TopicRole.isUnused(settings, topic.name()))
            .toList();
    return replicas
        .map(number -> topics.stream().map(topic -> topic.withReplicas(number)).toList())
        .orElse(topics);
  }
}
