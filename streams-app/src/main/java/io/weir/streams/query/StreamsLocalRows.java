package io.weir.streams.query;

import io.weir.limiter.algorithm.StoredLimit;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Reads rows from the store of a running Kafka Streams client. Only active tasks are read: a
 * standby's copy would be older than decisions that were already sent.
 */
public final class StreamsLocalRows implements LocalRows {
  /** What separates the identifier from the rest of a state key. */
  private static final String IDENTIFIER_END = "|";

  private final Supplier<Optional<KafkaStreams>> streams;
  private final String storeName;
  private final QueryableStoreType<ReadOnlyKeyValueStore<Bytes, byte[]>> storeType;
  private final Function<byte[], StoredLimit> decoder;
  private final Serializer<byte[]> serializer = new ByteArraySerializer();

  /**
   * Reads the rows of a store.
   *
   * @param streams the running client; empty before it is made
   * @param storeName the store
   * @param storeType how the store is read from other threads than its own
   * @param decoder reads a row's bytes; throws an unchecked exception if they are corrupt
   */
  public StreamsLocalRows(
      Supplier<Optional<KafkaStreams>> streams,
      String storeName,
      QueryableStoreType<ReadOnlyKeyValueStore<Bytes, byte[]>> storeType,
      Function<byte[], StoredLimit> decoder) {
    this.streams = streams;
    this.storeName = storeName;
    this.storeType = storeType;
    this.decoder = decoder;
  }

  @Override
  public Optional<StoredLimit> find(int partition, String stateKey) {
    byte[] key = stateKey.getBytes(StandardCharsets.UTF_8);
    return read(partition, store -> Optional.ofNullable(store.get(Bytes.wrap(key))).map(decoder));
  }

  @Override
  public SortedMap<String, StoredLimit> findAll(int partition, String identifier, int most) {
    byte[] prefix = (identifier + IDENTIFIER_END).getBytes(StandardCharsets.UTF_8);
    return read(
        partition,
        store -> {
          SortedMap<String, StoredLimit> rows = new TreeMap<>();
          try (KeyValueIterator<Bytes, byte[]> found = store.prefixScan(prefix, serializer)) {
            while (rows.size() < most && found.hasNext()) {
              KeyValue<Bytes, byte[]> row = found.next();
              rows.put(new String(row.key.get(), StandardCharsets.UTF_8), decoder.apply(row.value));
            }
          }
          return rows;
        });
  }

  private <R> R read(int partition, Function<ReadOnlyKeyValueStore<Bytes, byte[]>, R> reading) {
    KafkaStreams client = streams.get().orElseThrow(() -> moved(partition));
    try {
      return reading.apply(
          client.store(
              StoreQueryParameters.fromNameAndType(storeName, storeType).withPartition(partition)));
    } catch (InvalidStateStoreException gone) {
      throw new ProblemException(ProblemKind.OWNER_UNAVAILABLE, detail(partition), gone);
    } catch (IllegalStateException stopped) {
      throw new ProblemException(ProblemKind.NOT_READY, "the application is stopping", stopped);
    }
  }

  private static ProblemException moved(int partition) {
    return new ProblemException(ProblemKind.OWNER_UNAVAILABLE, detail(partition));
  }

  private static String detail(int partition) {
    return "partition " + partition + " of the state is not on this instance at the moment";
  }
}
