package io.weir.streams.cli;

import io.weir.streams.config.WeirSettings;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the settings come from, and so where the registry is, for who needs no Kafka. */
public final class RegistryOptions extends ConfigOptions {

  @Option(
      names = {"-r", "--registry"},
      paramLabel = "URL",
      converter = OptionTypes.Registry.class,
      description = "Schema registry; wins over schema.registry.url of the settings.")
  private Optional<String> registry = Optional.empty();

  @Override
  void addSettings(Map<String, String> settings) {
    registry.ifPresent(it -> settings.put(WeirSettings.SCHEMA_REGISTRY_URL.name(), it));
  }
}
