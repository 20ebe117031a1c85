package io.weir.streams.serde;

import java.util.Map;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Makes the value serdes of an application: Weir's own, or those of a class that is named in the
 * settings. All that one instance makes share a registry. Thread-safe.
 */
public sealed interface AvroSerdes permits OwnAvroSerdes, ForeignAvroSerdes {

  /** The serde class that is used where none is named. */
  String DEFAULT_CLASS = "io.weir.streams.serde.AvroSerde";

  /** A serde for the values of a generated class. */
  <T extends SpecificRecord> Serde<T> forValues(Class<T> type);

  /**
   * A serializer of values that are not of a generated class, which writes the same bytes as if
   * they were.
   *
   * @param type the generated class of their schema
   * @param writer writes them as that class is written; for Weir's own serde
   * @param toRecord makes records of them; for other serdes
   */
  <V, T extends SpecificRecord> Serializer<V> forWriting(
      Class<T> type, ValueWriter<V> writer, Function<V, T> toRecord);

  /**
   * Serdes by settings.
   *
   * @param serdeClass {@link #DEFAULT_CLASS}, or another class with a constructor without
   *     parameters that implements Kafka's {@code Serde} for any generated Avro class, such as
   *     {@code io.confluent.kafka.streams.serdes.avro.SpecificAvroSerde}
   * @param config what {@link SerdeConfig} reads, or what the other class does. {@code
   *     schema.registry.url=mock://name} is a registry in memory that lives and dies with the
   *     result, whatever its name: to share one, make it and call {@link #over}
   * @param stop ends the waiting for a registry that is down; only Weir's own serde heeds it
   * @throws ConfigException if a setting is wrong or the class cannot be used
   */
  static AvroSerdes by(String serdeClass, Map<String, ?> config, StopSignal stop) {
    return serdeClass.equals(DEFAULT_CLASS)
        ? OwnAvroSerdes.by(new SerdeConfig(config), stop)
        : new ForeignAvroSerdes(serdeClass, config);
  }

  /** Serdes by settings, which no signal stops. */
  static AvroSerdes by(String serdeClass, Map<String, ?> config) {
    return by(serdeClass, config, new StopSignal());
  }

  /** Weir's own serdes by settings, which no signal stops. */
  static AvroSerdes by(Map<String, ?> config) {
    return by(DEFAULT_CLASS, config);
  }

  /** Weir's own serdes over a registry client, registering what they write. */
  static AvroSerdes over(SchemaRegistryClient registry) {
    return new OwnAvroSerdes(registry, true);
  }
}
