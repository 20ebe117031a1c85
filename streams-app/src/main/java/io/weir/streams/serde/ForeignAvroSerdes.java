package io.weir.streams.serde;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Serdes of a class that the user has put on the classpath and named. */
final class ForeignAvroSerdes implements AvroSerdes {
  private final Class<?> serdeClass;
  private final Map<String, Object> config;

  ForeignAvroSerdes(String serdeClass, Map<String, ?> config) {
    this.serdeClass = find(serdeClass);
    this.config = new HashMap<>(config);
    // What Confluent's serdes need in order to do what ours do: our classes instead of generic
    // records, and schemas as they stand in the .avsc files.
    this.config.putIfAbsent("specific.avro.reader", true);
    this.config.putIfAbsent("avro.remove.java.properties", true);
  }

  @Override
  @SuppressWarnings("unchecked") // A serde for any generated class, by the contract of AvroSerdes.
  public <T extends SpecificRecord> Serde<T> forValues(Class<T> type) {
    Serde<T> serde;
    try {
      serde = (Serde<T>) serdeClass.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new ConfigException(
          "the serde class "
              + serdeClass.getName()
              + " cannot be made; it needs a public constructor without parameters: "
              + e);
    }
    serde.configure(config, false);
    return serde;
  }

  /** By records of the generated class, which is what such a serde knows. */
  @Override
  public <V, T extends SpecificRecord> Serializer<V> forWriting(
      Class<T> type, ValueWriter<V> writer, Function<V, T> toRecord) {
    Serializer<T> serializer = forValues(type).serializer();
    return (topic, value) -> serializer.serialize(topic, toRecord.apply(value));
  }

  private static Class<?> find(String name) {
    Class<?> found;
    try {
      found = Class.forName(name, true, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      throw new ConfigException(
          "the serde class "
              + name
              + " is not on the classpath; name its jar in the environment variable WEIR_CLASSPATH,"
              + " or leave the setting out");
    }
    if (!Serde.class.isAssignableFrom(found)) {
      throw new ConfigException(
          "the serde class " + name + " does not implement " + Serde.class.getName());
    }
    return found;
  }
}
