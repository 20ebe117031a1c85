package io.weir.streams.cli;

import io.weir.streams.config.Settings;
import io.weir.streams.config.WeirSettings;
import io.weir.streams.serde.AvroSerdes;
import io.weir.streams.serde.HttpSchemaRegistryClient;
import io.weir.streams.serde.SerdeConfig;
import io.weir.streams.serde.StopSignal;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/** The serdes of a command's settings. */
public final class ValueSerdes {
  /** A person waits: 15 s, where the application waits a minute for the registry. */
  private static final String PATIENCE_MILLIS = "15000";

  private ValueSerdes() {}

  /**
   * For a command that a person waits for: a registry that is down is given up on soon.
   *
   * @throws CommandFailure if the settings of the registry are wrong
   */
  public static AvroSerdes impatient(Settings settings) {
    return by(settings, impatientConfig(settings), new StopSignal());
  }

  /**
   * The registry itself, for a command that a person waits for.
   *
   * @throws CommandFailure if the settings of the registry are wrong, or serdes of others use it
   */
  public static HttpSchemaRegistryClient impatientRegistry(Settings settings) {
    String serdeClass = settings.get(WeirSettings.SERDE_CLASS);
    if (!serdeClass.equals(AvroSerdes.DEFAULT_CLASS)) {
      throw new CommandFailure(
          "serde.class is " + serdeClass + ", which gives schemas a form of its own",
          "let it register them when it writes, or register them by its own tools");
    }
    try {
      return new HttpSchemaRegistryClient(new SerdeConfig(impatientConfig(settings)));
    } catch (KafkaException e) {
      throw new CommandFailure(
          "the registry cannot be asked: " + e.getMessage(),
          "look at schema.registry.… in docs/settings.md",
          e);
    }
  }

  private static Map<String, Object> impatientConfig(Settings settings) {
    Map<String, Object> config = new HashMap<>();
    config.put(SerdeConfig.RETRY_TIMEOUT, PATIENCE_MILLIS);
    config.putAll(settings.serdeProperties());
    return config;
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
    try {
      return AvroSerdes.by(serdeClass, config, stop);
    } catch (KafkaException e) {
      throw new CommandFailure(
          "the serde cannot be made: " + e.getMessage(),
          "look at serde.class and schema.registry.… in docs/settings.md",
          e);
    }
  }
}
