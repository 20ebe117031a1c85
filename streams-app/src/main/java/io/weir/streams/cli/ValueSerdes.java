package io.weir.streams.cli;

import io.weir.streams.config.Nearest;
import io.weir.streams.config.Settings;
import io.weir.streams.config.SettingsLoader;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.SerdeConfig;
import io.weir.streams.serde.StopSignal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The serdes of a command's settings. */
public final class ValueSerdes {
  private static final Logger LOG = LoggerFactory.getLogger(ValueSerdes.class);

  /** A person waits: 15 s, where the application waits a minute for the registry. */
  private static final String PATIENCE_MILLIS = "15000";

  private ValueSerdes() {}

  /**
   * For a command that a person waits for: a registry that is down is given up on soon.
   *
   * @throws CommandFailure if the settings of the registry are wrong
   */
  public static AvroSerdes impatient(Settings settings) {
    Map<String, Object> config = new HashMap<>();
    config.put(SerdeConfig.RETRY_TIMEOUT, PATIENCE_MILLIS);
    config.putAll(settings.serdeProperties());
    return by(settings, config, new StopSignal());
  }

  /**
   * For the application itself.
   *
   * @param stop ends the waiting for a registry that is down
   * @throws CommandFailure if the settings of the registry are wrong
   */
  public static AvroSerdes patient(Settings settings, StopSignal stop) {
    return by(settings, settings.serdeProperties(), stop);
  }

  private static AvroSerdes by(Settings settings, Map<String, Object> config, StopSignal stop) {
    String serdeClass = settings.get(WeirSettings.SERDE_CLASS);
    checkNames(serdeClass, config.keySet());
    try {
      return AvroSerdes.by(serdeClass, config, stop);
    } catch (KafkaException e) {
      throw new CommandFailure(
          "the serde cannot be made: " + e.getMessage(),
          "look at serde.class and schema.registry.… in docs/settings.md",
          e);
    }
  }

  /**
   * Serdes ignore what they do not know, as Kafka does it; but who misspells {@code
   * auto.register.schemas} would have schemas registered all the same. Another serde than Weir's
   * may have names of its own.
   */
  private static void checkNames(String serdeClass, Set<String> properties) {
    Set<String> known = SerdeConfig.DEFINITION.names();
    List<String> mistakes =
        properties.stream()
            .filter(property -> !known.contains(property))
            .map(ValueSerdes::settingName)
            .sorted()
            .map(name -> "there is no setting " + name + Nearest.hint(name, settingNames(known)))
            .toList();
    if (mistakes.isEmpty()) {
      return;
    }
    if (serdeClass.equals(AvroSerdes.DEFAULT_CLASS)) {
      throw new CommandFailure(
          String.join("\n", mistakes),
          "docs/settings.md tells how the schema registry and the serde are set up");
    }
    mistakes.forEach(
        mistake -> LOG.warn("For Weir's own serde {}; {} gets it as it is", mistake, serdeClass));
  }

  private static List<String> settingNames(Set<String> properties) {
    return properties.stream().map(ValueSerdes::settingName).distinct().toList();
  }

  /** The setting that comes to a property of the serde, see {@link Settings#serdeProperties}. */
  private static String settingName(String property) {
    return property.startsWith(SettingsLoader.REGISTRY_PREFIX)
        ? property
        : SettingsLoader.REGISTRY_PREFIX + property;
  }
}
