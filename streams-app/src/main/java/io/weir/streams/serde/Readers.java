package io.weir.streams.serde;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * How to read records of one class, by the id of the schema that they were written with. What was
 * found for an id is kept, the bad news too: for good that a schema cannot be read, and for a while
 * that the registry does not know an id. That is a second at first, as a replica of the registry
 * may lag behind, and twice as long each time it is asked again, up to half a minute. So garbage
 * under one id becomes few requests to the registry; garbage under ever new ids still becomes one
 * request for each. Bounded and thread-safe.
 *
 * @param <T> the generated class
 */
final class Readers<T extends SpecificRecord> {
  static final int MAX_IDS = 1_000;
  private static final long UNKNOWN_FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long UNKNOWN_LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Schema readerSchema;
  private final SpecificData data;
  private final SchemaRegistryClient registry;
  private final Ticker ticker;
  private final Map<Integer, Entry<T>> entries = new ConcurrentHashMap<>();
  // Nearly all records of a topic have one schema: finding it again costs no map and no boxing.
  private volatile @Nullable Entry<T> last;

  Readers(Class<T> type, SchemaRegistryClient registry, Ticker ticker) {
    this.data = SpecificData.getForClass(type);
    this.readerSchema = data.getSchema(type);
    this.registry = registry;
    this.ticker = ticker;
  }

  /**
   * What is known of one id.
   *
   * @param <T> the generated class
   */
  private sealed interface Entry<T> {
    int id();
  }

  /**
   * A schema that can be read.
   *
   * @param id its id
   * @param reader reads it; safe for threads, as it keeps nothing between records
   * @param gap what of it may fail to resolve, depending on the record
   */
  record Resolved<T>(int id, DatumReader<T> reader, Optional<String> gap) implements Entry<T> {}

  private record Unreadable<T>(int id, String why) implements Entry<T> {}

  private record Unknown<T>(int id, String why, long forNanos, long untilNanos)
      implements Entry<T> {}

  /**
   * The reader for a schema id.
   *
   * @throws UnknownSchemaIdException if the registry does not know it
   * @throws UnreadableSchemaException if nothing of that schema can be read
   * @throws RegistryUnavailableException if the registry is down
   */
  Resolved<T> forId(int id) {
    Entry<T> entry = last;
    if (entry == null || entry.id() != id) {
      entry = entries.get(id);
    }
    if (entry == null) {
      entry = find(id, UNKNOWN_FIRST_NANOS);
      keep(entry);
    } else if (entry instanceof Unknown<T> unknown && isOver(unknown)) {
      entry = find(id, Math.min(unknown.forNanos() * 2, UNKNOWN_LONGEST_NANOS));
      keep(entry);
    }
    if (entry instanceof Resolved<T> resolved) {
      last = resolved;
      return resolved;
    }
    if (entry instanceof Unreadable<T> unreadable) {
      throw new UnreadableSchemaException(unreadable.why());
    }
    throw new UnknownSchemaIdException(((Unknown<T>) entry).why());
  }

  /** The name of what is read, for messages. */
  String typeName() {
    return readerSchema.getName();
  }

  private boolean isOver(Unknown<T> unknown) {
    return ticker.nanos() - unknown.untilNanos() >= 0;
  }

  private Entry<T> find(int id, long unknownForNanos) {
    Schema written;
    try {
      written = registry.schemaOf(id);
    } catch (UnknownSchemaIdException e) {
      return new Unknown<>(
          id, String.valueOf(e.getMessage()), unknownForNanos, ticker.nanos() + unknownForNanos);
    } catch (UnreadableSchemaException e) {
      return new Unreadable<>(id, String.valueOf(e.getMessage()));
    }
    Optional<String> gap = gap(written);
    try {
      // A builder of its own for each id: builders cache without locks, readers do not change.
      DatumReader<T> reader = new FastReaderBuilder(data).createDatumReader(written, readerSchema);
      return new Resolved<>(id, reader, gap.map(g -> unreadable(id, written, g)));
    } catch (IOException | AvroRuntimeException e) {
      return new Unreadable<>(
          id, unreadable(id, written, gap.orElseGet(() -> String.valueOf(e.getMessage()))));
    }
  }

  private Optional<String> gap(Schema written) {
    var incompatibilities =
        SchemaCompatibility.checkReaderWriterCompatibility(readerSchema, written)
            .getResult()
            .getIncompatibilities();
    return incompatibilities.stream()
        .map(i -> i.getType() + " at " + i.getLocation() + ", " + i.getMessage())
        .reduce((one, other) -> one + "; " + other);
  }

  private String unreadable(int id, Schema written, String gap) {
    return "schema id "
        + id
        + " ("
        + written.getFullName()
        + ") cannot be read as "
        + typeName()
        + ": "
        + gap;
  }

  private void keep(Entry<T> entry) {
    if (entries.size() >= MAX_IDS) {
      entries.clear();
    }
    entries.put(entry.id(), entry);
  }
}
