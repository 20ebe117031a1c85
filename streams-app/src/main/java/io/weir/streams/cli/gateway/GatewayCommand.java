package io.weir.streams.cli.gateway;

import io.weir.streams.cli.CommandContext;
import io.weir.streams.cli.CommandFailure;
import io.weir.streams.cli.ConnectionOptions;
import io.weir.streams.cli.KafkaOptions;
import io.weir.streams.cli.Patience;
import io.weir.streams.cli.run.Foreground;
import io.weir.streams.cli.run.Logging;
import io.weir.streams.cli.topics.ClusterTopics;
import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.gateway.Gateway;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir gateway}. */
@Command(
    name = "gateway",
    description = {
      "Answer callers who need a yes or no now: the state of limits is in Redis.",
      "Rules come from the file that gateway.rules.file names, which is watched and needs no Kafka,",
      "else from the rules topic. A Redis that is away does not prevent the start: on.error decides",
      "until it is there. SIGTERM and SIGINT close the doors first. docs/gateway.md says the rest."
    },
    footer = {
      "  ./weir gateway --config weir.yml",
      "  WEIR_GATEWAY_RULES_FILE=rules.yaml WEIR_REDIS_URI=redis://redis-1 ./weir gateway"
    })
public final class GatewayCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayCommand.class);

  private final CommandContext context;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;

  /** The command. */
  @SuppressWarnings("NullAway.Init") // picocli injects the fields
  public GatewayCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Settings settings = connection.settings(context);
    Logging.apply(settings);
    Logging.logStart(settings, LOG);
    if (settings.get(WeirSettings.GATEWAY_RULES_FILE).isEmpty()) {
      requireRulesTopic(settings);
    }
    Gateway gateway = GatewayFactory.create(settings);
    return Foreground.run(gateway, gateway::isStopping, spec.commandLine().getErr());
  }

  private static void requireRulesTopic(Settings settings) {
    String topic = settings.get(WeirSettings.TOPIC_RULES);
    boolean exists = Patience.withKafka(settings, LOG::info).during(() -> isThere(settings, topic));
    if (!exists) {
      throw new CommandFailure(
          "the topic of the rules, " + topic + ", does not exist",
          "./weir topics apply creates it; or name a rules file in gateway.rules.file");
    }
  }

  private static boolean isThere(Settings settings, String topic) {
    try (Admin admin = KafkaOptions.admin(settings)) {
      return new ClusterTopics(admin).exists(topic);
    }
  }
}
