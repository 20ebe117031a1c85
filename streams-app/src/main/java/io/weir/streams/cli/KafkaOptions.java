package io.weir.streams.cli;

import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import picocli.CommandLine.Option;

/** Where the settings come from, and so where Kafka is. */
public class KafkaOptions extends ConfigOptions {
  /** A person waits: 15 s, where Kafka's own patience is a minute. */
  private static final Map<String, String> PATIENCE_MILLIS =
      Map.of(
          AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000",
          CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "10000");

  @Option(
      names = {"-b", "--bootstrap-server"},
      paramLabel = "HOST:PORT",
      converter = OptionTypes.Brokers.class,
      description = "Kafka brokers; wins over bootstrap.servers of the settings.")
  private Optional<String> bootstrapServers = Optional.empty();

  /** An admin client that does not wait for ever; the caller closes it. */
  public static Admin admin(Settings settings) {
    Map<String, Object> properties = new HashMap<>(PATIENCE_MILLIS);
    properties.putAll(settings.adminProperties());
    return Admin.create(properties);
  }

  @Override
  void addSettings(Map<String, String> settings) {
    super.addSettings(settings);
    bootstrapServers.ifPresent(it -> settings.put(WeirSettings.BOOTSTRAP_SERVERS.name(), it));
  }
}
