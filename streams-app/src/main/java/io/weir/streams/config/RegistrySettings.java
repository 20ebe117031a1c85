package io.weir.streams.config;

import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.SerdeConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings {@code schema.registry.…}, which are handed on to the serde, and what Weir's own
 * serde says of them. Another serde may have names of its own.
 */
final class RegistrySettings {
  private static final Map<String, ConfigDef.ConfigKey> KNOWN = SerdeConfig.DEFINITION.configKeys();
  private static final List<String> NAMES =
      KNOWN.keySet().stream().map(RegistrySettings::settingName).distinct().toList();

  private RegistrySettings() {}

  /**
   * The property of the serde that a setting is handed on as: {@code schema.registry.url}, {@code
   * schema.registry.ssl.…} and {@code schema.registry.retry.…} keep their names, every other {@code
   * schema.registry.x} is {@code x}.
   */
  static String property(String setting) {
    String plain = setting.substring(SettingsLoader.REGISTRY_PREFIX.length());
    return plain.equals("url") || plain.startsWith("ssl.") || plain.startsWith("retry.")
        ? setting
        : plain;
  }

  private static String settingName(String property) {
    return property.startsWith(SettingsLoader.REGISTRY_PREFIX)
        ? property
        : SettingsLoader.REGISTRY_PREFIX + property;
  }

  /** Whether it is Weir's own serde that gets the settings. */
  static boolean areOfOwnSerde(String serdeClass) {
    return serdeClass.equals(AvroSerdes.DEFAULT_CLASS);
  }

  /**
   * That Weir's serde does not know the setting, if so. Kafka ignores what it does not know; but
   * who misspells {@code auto.register.schemas} would have schemas registered all the same.
   */
  static Optional<String> unknown(String setting) {
    return KNOWN.containsKey(property(setting))
        ? Optional.empty()
        : Optional.of("there is no setting " + setting + Nearest.hint(setting, NAMES));
  }

  /** What is wrong with the value of one setting; empty where nothing is. */
  static Optional<String> mistake(String setting, String value) {
    return Optional.ofNullable(KNOWN.get(property(setting)))
        .flatMap(key -> KafkaPropertyNames.mistake(key, value));
  }

  /**
   * A mistake that shows in several settings at once.
   *
   * @param setting the one to look at first; empty where it is one that is not set
   * @param sentence what is wrong
   */
  record Together(Optional<String> setting, String sentence) {}

  /**
   * What is wrong with settings together, each of which is right; empty where nothing is.
   *
   * @param given the settings by name, that of the addresses included
   */
  static Optional<Together> mistakeTogether(Map<String, String> given) {
    Map<String, Object> properties = new TreeMap<>();
    given.forEach((setting, value) -> properties.put(property(setting), value));
    try {
      SerdeConfig unused = new SerdeConfig(properties);
      return Optional.empty();
    } catch (ConfigException e) {
      // Its sentences begin with the property that they are about.
      String sentence = String.valueOf(e.getMessage());
      Optional<String> property =
          KNOWN.keySet().stream()
              .filter(sentence::startsWith)
              .max(Comparator.comparingInt(String::length));
      return Optional.of(
          new Together(
              property.map(RegistrySettings::settingName).filter(given::containsKey),
              property
                  .map(known -> settingName(known) + sentence.substring(known.length()))
                  .orElse(sentence)));
    }
  }
}
