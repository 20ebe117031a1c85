package io.weir.streams.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records of one generated class in Confluent's wire format, under the subject {@code
 * <topic>-value}. Asks the registry once for each topic; after that it touches no network and
 * allocates little beside the result. Thread-safe.
 *
 * @param <T> the generated class
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
  private static final int MAX_TOPICS = 1_000;

  private final Schema registered;
  private final DatumWriter<T> writer;
  private final SchemaRegistryClient registry;
  private final boolean autoRegister;
  private final Map<String, Integer> idsByTopic = new ConcurrentHashMap<>();
  private final ThreadLocal<Output> outputs = ThreadLocal.withInitial(Output::new);

  /**
   * A serializer.
   *
   * @param type the generated class
   * @param registry where schemas are registered
   * @param autoRegister whether to register the schema, or to look for one that somebody else has
   *     registered
   */
  public AvroSerializer(Class<T> type, SchemaRegistryClient registry, boolean autoRegister) {
    SpecificData data = SpecificData.getForClass(type);
    Schema schema = data.getSchema(type);
    this.registered = RegisteredForm.of(schema);
    this.writer = new SpecificDatumWriter<>(schema, data);
    this.registry = registry;
    this.autoRegister = autoRegister;
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
    Output output = outputs.get();
    try {
      return output.encode(id, value, writer);
    } catch (IOException | RuntimeException e) {
      // What the encoder has buffered is of no use any more.
      outputs.remove();
      throw new SerializationException(
          registered.getName() + " for " + topic + " cannot be written: " + e.getMessage(), e);
    }
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

  /** One thread's buffer and encoder. */
  private static final class Output extends ByteArrayOutputStream {
    // A buffer that one large record made larger than this is not kept.
    private static final int KEPT_BYTES = 64 * 1024;

    private @Nullable BinaryEncoder encoder;

    Output() {
      super(512);
    }

    <T> byte[] encode(int schemaId, T value, DatumWriter<T> writer) throws IOException {
      reset();
      count = WireFormat.HEADER_BYTES;
      encoder = EncoderFactory.get().binaryEncoder(this, encoder);
      writer.write(value, encoder);
      encoder.flush();
      byte[] bytes = toByteArray();
      WireFormat.putHeader(schemaId, bytes);
      if (buf.length > KEPT_BYTES) {
        buf = new byte[512];
      }
      return bytes;
    }
  }
}
