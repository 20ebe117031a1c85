package io.weir.streams.serde;

import java.io.IOException;
import java.util.Map;
import org.apache.avro.AvroTypeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of one generated class from Confluent's wire format, whatever version of the schema
 * they were written with. Asks the registry once for each schema id; after that it touches no
 * network. Bytes from anywhere cannot make it allocate more than a small multiple of their length.
 * Thread-safe.
 *
 * @param <T> the generated class
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
  private final Readers<T> readers;

  // Not static: what it holds, the last record's bytes among it, goes with the deserializer.
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<BinaryDecoder> decoders =
      ThreadLocal.withInitial(() -> DecoderFactory.get().binaryDecoder(new byte[0], null));

  /**
   * A deserializer.
   *
   * @param type the generated class
   * @param registry where the schemas of ids are found
   */
  public AvroDeserializer(Class<T> type, SchemaRegistryClient registry) {
    this(type, registry, Ticker.system());
  }

  AvroDeserializer(Class<T> type, SchemaRegistryClient registry, Ticker ticker) {
    this.readers = new Readers<>(type, registry, ticker);
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    AvroSerializer.refuseKeys(isKey);
  }

  /**
   * The record of the bytes.
   *
   * @param bytes the bytes; null, a tombstone, gives null
   * @throws UndecodableRecordException if the bytes are at fault; its subclass says how
   * @throws RegistryUnavailableException if the schema cannot be got in time; try the record again
   * @throws RegistryRefusedException if the registry refuses to answer
   */
  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    Readers.Resolved<T> resolved = readers.forId(WireFormat.schemaId(topic, bytes));
    try {
      return decode(topic, bytes, resolved);
    } catch (AvroTypeException e) {
      if (resolved.gap().isPresent()) {
        throw new UnreadableSchemaException(resolved.gap().get(), e);
      }
      throw corrupt(topic, resolved, e);
    } catch (IOException | RuntimeException e) {
      if (e instanceof CorruptAvroException corrupt) {
        throw corrupt;
      }
      throw corrupt(topic, resolved, e);
    } catch (StackOverflowError e) {
      // A tree that is nested some ten thousand levels deep: nobody's rules, and no reason to die.
      throw corrupt(topic, resolved, e);
    }
  }

  private T decode(String topic, byte[] bytes, Readers.Resolved<T> resolved) throws IOException {
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(
                bytes,
                WireFormat.HEADER_BYTES,
                bytes.length - WireFormat.HEADER_BYTES,
                decoders.get());
    T value = resolved.reader().read(null, decoder);
    if (!decoder.isEnd()) {
      throw new CorruptAvroException(
          "record on "
              + topic
              + " has bytes left over after the "
              + readers.typeName()
              + " of schema id "
              + resolved.id());
    }
    return value;
  }

  private CorruptAvroException corrupt(String topic, Readers.Resolved<T> resolved, Throwable why) {
    String said = why.getMessage();
    return new CorruptAvroException(
        "record on "
            + topic
            + " is no Avro of schema id "
            + resolved.id()
            + ", read as "
            + readers.typeName()
            + ": "
            + (said == null ? why.getClass().getSimpleName() : said),
        why);
  }
}
