package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.CodecException;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.Identifiers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The limit store over a key-value store of Kafka Streams, which does the work: RocksDB, changelog,
 * restoring. Keys are the UTF-8 bytes of state keys, values are what the codec makes of rows.
 *
 * <p>Processors see {@link LimitStore} alone, so that what is behind it can change without them.
 * The life cycle belongs to Kafka Streams; queries may come from any thread.
 */
final class KeyValueLimitStore implements LimitStore, StateStore {
  private final KeyValueStore<Bytes, byte[]> inner;
  private final StoredLimitCodec codec;
  private long earliestIdleMillis = Long.MAX_VALUE;

  KeyValueLimitStore(KeyValueStore<Bytes, byte[]> inner, StoredLimitCodec codec) {
    this.inner = inner;
    this.codec = codec;
  }

  @Override
  public Optional<StoredLimit> get(String stateKey) {
    byte[] bytes = inner.get(keyBytes(stateKey));
    return bytes == null ? Optional.empty() : Optional.of(decode(stateKey, bytes));
  }

  @Override
  public void put(String stateKey, StoredLimit row) {
    earliestIdleMillis = Math.min(earliestIdleMillis, row.idleFromMillis());
    putBytes(stateKey, codec.encode(row));
  }

  @Override
  public long takeEarliestIdleMillis() {
    long taken = earliestIdleMillis;
    earliestIdleMillis = Long.MAX_VALUE;
    return taken;
  }

  /** Writes bytes as they are. */
  void putBytes(String stateKey, byte[] bytes) {
    inner.put(keyBytes(stateKey), bytes);
  }

  /** As one batch of null values: a delete would read each row first. */
  @Override
  public void deleteAll(List<String> stateKeys) {
    List<KeyValue<Bytes, byte[]>> deletions = new ArrayList<>(stateKeys.size());
    for (String stateKey : stateKeys) {
      deletions.add(KeyValue.pair(keyBytes(stateKey), null));
    }
    inner.putAll(deletions);
  }

  @Override
  public void deleteRowsOf(String identifier) {
    List<KeyValue<Bytes, byte[]>> deletions = new ArrayList<>();
    try (StringSerializer serializer = new StringSerializer();
        KeyValueIterator<Bytes, byte[]> found =
            inner.prefixScan(Identifiers.rowPrefix(identifier), serializer)) {
      found.forEachRemaining(row -> deletions.add(KeyValue.pair(row.key, null)));
    }
    inner.putAll(deletions);
  }

  @Override
  public List<LimitRow> rowsOf(String identifier, int most) {
    List<LimitRow> rows = new ArrayList<>();
    try (StringSerializer serializer = new StringSerializer();
        KeyValueIterator<Bytes, byte[]> found =
            inner.prefixScan(Identifiers.rowPrefix(identifier), serializer)) {
      while (rows.size() < most && found.hasNext()) {
        rows.add(row(found.next()));
      }
    }
    return rows;
  }

  @Override
  public Optional<String> scan(String fromKey, RowVisitor visitor) {
    try (KeyValueIterator<Bytes, byte[]> found = from(fromKey)) {
      boolean wantsMore = true;
      while (wantsMore && found.hasNext()) {
        wantsMore = visitor.visit(row(found.next()));
      }
      return found.hasNext() ? Optional.of(text(found.peekNextKey())) : Optional.empty();
    }
  }

  private KeyValueIterator<Bytes, byte[]> from(String fromKey) {
    return fromKey.isEmpty() ? inner.all() : inner.range(keyBytes(fromKey), null);
  }

  private LimitRow row(KeyValue<Bytes, byte[]> entry) {
    String stateKey = text(entry.key);
    return new LimitRow(stateKey, decode(stateKey, entry.value));
  }

  private StoredLimit decode(String stateKey, byte[] bytes) {
    try {
      return codec.decode(bytes);
    } catch (CodecException e) {
      throw new UnreadableRowException(name(), stateKey, e);
    }
  }

  private static Bytes keyBytes(String stateKey) {
    return Bytes.wrap(stateKey.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Bytes key) {
    return new String(key.get(), StandardCharsets.UTF_8);
  }

  // Queries of other threads.

  @Override
  @SuppressWarnings("unchecked") // R is what the query's own type says
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    Position position = inner.getPosition();
    QueryResult<R> result;
    if (query instanceof LimitRowQuery one) {
      result = QueryResult.forResult((R) get(one.stateKey()));
    } else if (query instanceof LimitRowsQuery several) {
      result = QueryResult.forResult((R) rowsOf(several.identifier(), several.most()));
    } else {
      return QueryResult.forUnknownQueryType(query, this);
    }
    result.setPosition(position);
    return result;
  }

  // The life cycle, all of it the inner store's. It registers this store as its root.

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    inner.init(context, root);
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    inner.commit(changelogOffsets);
  }

  @Override
  public Long committedOffset(TopicPartition partition) {
    return inner.committedOffset(partition);
  }

  @Override
  @Deprecated
  public boolean managesOffsets() {
    return inner.managesOffsets();
  }

  @Override
  public void close() {
    inner.close();
  }

  @Override
  public boolean persistent() {
    return inner.persistent();
  }

  @Override
  public boolean isOpen() {
    return inner.isOpen();
  }

  @Override
  public Position getPosition() {
    return inner.getPosition();
  }
}
