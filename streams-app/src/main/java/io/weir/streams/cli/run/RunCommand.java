package io.weir.streams.cli.run;

import io.weir.streams.app.WeirApplication;
import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.KafkaOptions;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.topics.ClusterTopics;
import io.weir.streams.cli.topics.RecordSizes;
import io.weir.streams.cli.topics.StartCheck;
import io.weir.streams.cli.topics.TopicSpec;
import io.weir.streams.cli.topics.TopicsFile;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir run}. */
@Command(
    name = "run",
    description = {
      "Judge requests until stopped: the production entry.",
      "Settings come from the file, from WEIR_… environment variables, and from properties of Kafka",
      "that are passed through; docs/settings.md lists them. The topics are compared with their",
      "declaration first: the start is refused where one is missing, where requests have another",
      "number of partitions, or where rules are not kept for ever (cleanup.policy compact). SIGTERM",
      "and SIGINT finish what is under way, and leave the group."
    },
    footer = {
      "  ./weir run --config weir.yml",
      "  WEIR_BOOTSTRAP_SERVERS=broker-1:9092 WEIR_KAFKA_SECURITY_PROTOCOL=SSL ./weir run"
    })
public final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;

  /** The command. */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  public RunCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Settings settings = connection.settings(context);
    Logging.apply(settings);
    Logging.logStart(settings, LOG);
    StateDirectory.require(settings.get(WeirSettings.STATE_DIR));
    Map<String, TopicSpec> topics = checkedTopics(settings);
    TopicSpec requests =
        Optional.ofNullable(topics.get(settings.get(WeirSettings.TOPIC_REQUESTS))).orElseThrow();
    WeirApplication application =
        ApplicationFactory.create(
            settings,
            requests.partitions(),
            requests.replication(),
            RecordSizes.deadLetterBytes(settings, topics));
    return Foreground.run(application, application::isStartBrokenOff, spec.commandLine().getErr());
  }

  /** The topics as they are, if the application may start. */
  private static Map<String, TopicSpec> checkedTopics(Settings settings) {
    List<TopicSpec> declared = TopicsFile.readOrBundled(settings.get(WeirSettings.TOPICS_FILE));
    Map<String, TopicSpec> actual =
        Patience.withKafka(settings, LOG::info).during(() -> findTopics(settings));
    StartCheck check = StartCheck.of(settings, declared, actual);
    check.warnings().forEach(warning -> LOG.warn("Topic {}", warning));
    if (!check.obstacles().isEmpty()) {
      throw new CommandFailure(
          "the topics are not as they must be: " + String.join("; ", check.obstacles()),
          "./weir topics apply creates what is missing, under the names of the settings, and sets"
              + " the configuration; for another number of partitions, name a file that declares it"
              + " in topics.file");
    }
    return actual;
  }

  private static Map<String, TopicSpec> findTopics(Settings settings) {
    try (Admin admin = KafkaOptions.admin(settings)) {
      return new ClusterTopics(admin).find(StartCheck.topics(settings));
    }
  }
}
