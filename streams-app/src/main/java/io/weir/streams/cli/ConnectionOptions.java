package io.weir.streams.cli;

import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.config.WeirSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import picocli.CommandLine.Option;

/** Where the settings come from, and so where Kafka and the registry are. */
public final class ConnectionOptions {
  private static final String CONFIG_VARIABLE = "WEIR_CONFIG";

  /** A person waits: 15 s, where Kafka's own patience is a minute. */
  private static final Map<String, String> PATIENCE_MILLIS =
      Map.of(
          AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000",
          CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "10000");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      converter = OptionTypes.FilePath.class,
      description = "Settings in YAML. Without it the file that WEIR_CONFIG names, if any.")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = {"-b", "--bootstrap-server"},
      paramLabel = "HOST:PORT",
      converter = OptionTypes.Brokers.class,
      description = "Kafka brokers; wins over bootstrap.servers of the settings.")
  private Optional<String> bootstrapServers = Optional.empty();

  @Option(
      names = {"-r", "--registry"},
      paramLabel = "URL",
      converter = OptionTypes.Registry.class,
      description = "Schema registry; wins over schema.registry.url of the settings.")
  private Optional<String> registry = Optional.empty();

  /**
   * The settings that options, environment and file come to.
   *
   * @throws io.weir.streams.config.SettingsException if they are wrong
   */
  public Settings settings(CommandContext context) {
    Map<String, String> options = new HashMap<>();
    bootstrapServers.ifPresent(it -> options.put(WeirSettings.BOOTSTRAP_SERVERS.name(), it));
    registry.ifPresent(it -> options.put(WeirSettings.SCHEMA_REGISTRY_URL.name(), it));
    Optional<Path> file =
        config.or(
            () ->
                Optional.ofNullable(context.environment().get(CONFIG_VARIABLE))
                    .filter(variable -> !variable.isEmpty())
                    .map(Path::of));
    return SettingsLoader.load(file, context.environment(), options);
  }

  /**
   * The same, for a command that a person waits for: it says what is odd about them.
   *
   * @throws io.weir.streams.config.SettingsException if they are wrong
   */
  public Settings settings(CommandContext context, PrintWriter err) {
    Settings settings = settings(context);
    Warnings.print(err, settings.warnings());
    return settings;
  }

  /** An admin client that does not wait for ever; the caller closes it. */
  public static Admin admin(Settings settings) {
    Map<String, Object> properties = new HashMap<>(PATIENCE_MILLIS);
    properties.putAll(settings.adminProperties());
    return Admin.create(properties);
  }
}
