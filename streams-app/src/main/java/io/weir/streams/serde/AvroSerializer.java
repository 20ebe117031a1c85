package io.weir.streams.serde;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes values of one schema in Confluent's wire format, under the subject {@code <topic>-value}.
 * Asks the registry once for each topic; after that it touches no network and allocates little
 * beside the result. Thread-safe.
 *
 * @param <T> the values
 */
public final class AvroSerializer<T> implements Serializer<T> {
  private static final int MAX_TOPICS = 1_000;

  private final Schema registered;
  private final ValueWriter<T> writer;
  private final SchemaRegistryClient registry;
  private final boolean autoRegister;
  private final Map<String, Integer> idsByTopic = new ConcurrentHashMap<>();
  private final ThreadLocal<AvroOutput> outputs = ThreadLocal.withInitial(AvroOutput::new);

  /**
   * A serializer.
   *
   * @param schema the values' schema
   * @param writer writes them
   * @param registry where schemas are registered
   * @param autoRegister whether to register the schema, or to look for one that somebody else has
   *     registered
   */
  AvroSerializer(
      Schema schema, ValueWriter<T> writer, SchemaRegistryClient registry, boolean autoRegister) {
    this.registered = RegisteredForm.of(schema);
    this.writer = writer;
    this.registry = registry;
    this.autoRegister = autoRegister;
  }

  /** A serializer of the values of a generated class. */
  public static <T extends SpecificRecord> AvroSerializer<T> of(
      Class<T> type, SchemaRegistryClient registry, boolean autoRegister) {
    SpecificData data = SpecificData.getForClass(type);
    Schema schema = data.getSchema(type);
    return new AvroSerializer<>(
        schema,
        new RecordWriter<>(new SpecificDatumWriter<>(schema, data)),
        registry,
        autoRegister);
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    refuseKeys(isKey);
  }

  /**
   * The record's bytes.
   *
   * @param value the record; null, a tombstone, gives null
   * @throws SerializationException if a field has a value that its schema does not allow
   * @throws RegistryUnavailableException if the schema's id cannot be got in time
   * @throws RegistryRefusedException if the registry does not take or have the schema
   */
  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T value) {
    if (value == null) {
      return null;
    }
    int id = idFor(topic);
    AvroOutput out = outputs.get();
    out.reset(WireFormat.HEADER_BYTES);
    try {
      writer.write(value, out);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          registered.getName() + " for " + topic + " cannot be written: " + e.getMessage(), e);
    }
    byte[] bytes = out.toBytes();
    WireFormat.putHeader(id, bytes);
    return bytes;
  }

  private int idFor(String topic) {
    Integer known = idsByTopic.get(topic);
    if (known != null) {
      return known;
    }
    String subject = topic + "-value";
    int id =
        autoRegister ? registry.register(subject, registered) : registry.idOf(subject, registered);
    if (idsByTopic.size() >= MAX_TOPICS) {
      idsByTopic.clear();
    }
    idsByTopic.put(topic, id);
    return id;
  }

  static void refuseKeys(boolean isKey) {
    if (isKey) {
      throw new ConfigException(
          "Avro is for values; a schema id in a key would move keys between partitions");
    }
  }

  /** Writes values of the schema's generated class. */
  private record RecordWriter<T extends SpecificRecord>(DatumWriter<T> writer)
      implements ValueWriter<T> {
    @Override
    public void write(T value, AvroOutput out) throws IOException {
      BinaryEncoder encoder = out.takeEncoder();
      writer.write(value, encoder);
      encoder.flush();
      out.keep(encoder);
    }
  }
}
