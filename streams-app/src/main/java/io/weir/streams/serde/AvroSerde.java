package io.weir.streams.serde;

import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Both directions for the values of one generated class. Thread-safe; {@link #close()} does
 * nothing, as the registry's client belongs to whoever made it.
 *
 * @param <T> the generated class
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {
  private final AvroSerializer<T> serializer;
  private final AvroDeserializer<T> deserializer;

  /**
   * A serde.
   *
   * @param type the generated class
   * @param registry where schemas are registered and found
   * @param autoRegister whether the serializer registers the schema or expects it to be there
   */
  public AvroSerde(Class<T> type, SchemaRegistryClient registry, boolean autoRegister) {
    this.serializer = AvroSerializer.of(type, registry, autoRegister);
    this.deserializer = new AvroDeserializer<>(type, registry);
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    AvroSerializer.refuseKeys(isKey);
  }

  @Override
  public Serializer<T> serializer() {
    return serializer;
  }

  @Override
  public Deserializer<T> deserializer() {
    return deserializer;
  }
}
