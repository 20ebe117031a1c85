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
final class KeyValueLimitStore implements LimitStore, LimitQueries.Rows, StateStore {
  private final KeyValueStore<Bytes, byte[]> inner;
  private final StoredLimitCodec codec;
  private final KnownKeys known;
  private final WrittenRows written = new WrittenRows();
  private final ExpiryCursor cursor;
  private long earliestIdleMillis = Long.MAX_VALUE;
  private long absent;

  /**
   * A store.
   *
   * @param known which rows the inner store has, where it is known
   */
  KeyValueLimitStore(KeyValueStore<Bytes, byte[]> inner, StoredLimitCodec codec, KnownKeys known) {
    this.inner = inner;
    this.known = known;
    this.codec = codec;
    this.cursor = new ExpiryCursor(inner, codec);
  }

  @Override
  public Optional<StoredLimit> get(String stateKey) {
    return get(stateKey, keyOf(stateKey));
  }

  /** The row of a state key, whose bytes are known. */
  Optional<StoredLimit> get(String stateKey, byte[] key) {
    Optional<StoredLimit> row = known.mayContain(key) ? read(stateKey, key) : Optional.empty();
    if (row.isEmpty()) {
      absent++;
    }
    return row;
  }

  /** Reads a row, from any thread. */
  @Override
  public Optional<StoredLimit> row(String stateKey) {
    return read(stateKey, keyOf(stateKey));
  }

  private Optional<StoredLimit> read(String stateKey, byte[] key) {
    byte[] bytes = inner.get(Bytes.wrap(key));
    return bytes == null ? Optional.empty() : Optional.of(decode(stateKey, bytes));
  }

  @Override
  public void put(String stateKey, StoredLimit row) {
    Bytes key = keyBytes(stateKey);
    noteWritten(key.get(), row);
    inner.put(key, codec.encode(row));
  }

  /** Remembers that a row is written. */
  void noteWritten(byte[] key, StoredLimit row) {
    earliestIdleMillis = Math.min(earliestIdleMillis, row.idleFromMillis());
    written.add(key);
    known.add(key);
  }

  /** Writes entries as they are, as one batch; a null value deletes. */
  void putAllBytes(List<KeyValue<Bytes, byte[]>> entries) {
    inner.putAll(entries);
  }

  /** Rows as entries of the store below. */
  List<KeyValue<Bytes, byte[]>> encoded(List<HotRows.Entry> rows) {
    List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>(rows.size());
    for (HotRows.Entry entry : rows) {
      entries.add(KeyValue.pair(entry.key(), codec.encode(entry.row())));
    }
    return entries;
  }

  @Override
  public long takeEarliestIdleMillis() {
    long taken = earliestIdleMillis;
    earliestIdleMillis = Long.MAX_VALUE;
    return taken;
  }

  @Override
  public int deleteIdleInMemory(long horizonMillis) {
    return 0;
  }

  @Override
  public long takeAbsent() {
    long taken = absent;
    absent = 0;
    return taken;
  }

  @Override
  public void watchWrites() {
    written.watch();
  }

  /** Whether a row may have been written since writes are watched. */
  boolean mayBeWritten(byte[] key) {
    return written.mayContain(key);
  }

  @Override
  public void beginPass() {
    known.begin(inner.approximateNumEntries());
  }

  @Override
  public long keyHash(String stateKey) {
    return known.hash(keyOf(stateKey));
  }

  @Override
  public void seenByPass(long[] keyHashes) {
    known.learn(keyHashes);
  }

  @Override
  public void endPass() {
    known.end();
  }

  /** Which rows there are, as far as it is known. */
  KnownKeys known() {
    return known;
  }

  @Override
  public int deleteUnwritten(List<String> stateKeys) {
    List<String> unwritten = new ArrayList<>(stateKeys.size());
    for (String stateKey : stateKeys) {
      byte[] key = keyOf(stateKey);
      if (mayBeWritten(key)) {
        known.add(key);
      } else {
        unwritten.add(stateKey);
      }
    }
    deleteAll(unwritten);
    return unwritten.size();
  }

  /** What is to be written where expiry is somewhere else than before. */
  List<KeyValue<Bytes, byte[]>> cursorChanges(Optional<String> before, String key) {
    return cursor.changes(before, key);
  }

  @Override
  public Optional<String> expiryCursor() {
    return cursor.read();
  }

  @Override
  public void writeExpiryCursor(Optional<String> before, String key) {
    inner.putAll(cursorChanges(before, key));
  }

  @Override
  public void deleteAll(List<String> stateKeys) {
    inner.putAll(deletions(stateKeys.stream().map(KeyValueLimitStore::keyOf).toList()));
  }

  @Override
  public void deleteRowsOf(String identifier) {
    inner.putAll(deletions(keysOf(identifier).stream().map(Bytes::get).toList()));
  }

  /** Null values, as one batch: a delete would read each row first. */
  static List<KeyValue<Bytes, byte[]>> deletions(List<byte[]> keys) {
    List<KeyValue<Bytes, byte[]>> deletions = new ArrayList<>(keys.size());
    keys.forEach(key -> deletions.add(KeyValue.pair(Bytes.wrap(key), null)));
    return deletions;
  }

  /** The keys of all rows of one identifier. */
  List<Bytes> keysOf(String identifier) {
    List<Bytes> keys = new ArrayList<>();
    try (StringSerializer serializer = new StringSerializer();
        KeyValueIterator<Bytes, byte[]> found =
            inner.prefixScan(Identifiers.rowPrefix(identifier), serializer)) {
      found.forEachRemaining(row -> keys.add(row.key));
    }
    return keys;
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
    // From the cursor on, if before all rows: else RocksDB may have many deleted ones to skip
    // first.
    Bytes from = fromKey.isEmpty() ? ExpiryCursor.BEFORE_ALL_ROWS : keyBytes(fromKey);
    try (KeyValueIterator<Bytes, byte[]> found = inner.range(from, null)) {
      boolean wantsMore = true;
      while (wantsMore && found.hasNext()) {
        KeyValue<Bytes, byte[]> entry = found.next();
        wantsMore = ExpiryCursor.isCursor(entry.key) || visitor.visit(row(entry));
      }
      return found.hasNext()
          ? Optional.of(stateKeyOf(found.peekNextKey().get()))
          : Optional.empty();
    }
  }

  private LimitRow row(KeyValue<Bytes, byte[]> entry) {
    String stateKey = stateKeyOf(entry.key.get());
    return new LimitRow(stateKey, decode(stateKey, entry.value));
  }

  private StoredLimit decode(String stateKey, byte[] bytes) {
    try {
      return codec.decode(bytes);
    } catch (CodecException e) {
      throw new UnreadableRowException(name(), stateKey, e);
    }
  }

  /** The key in the store of a state key. */
  static byte[] keyOf(String stateKey) {
    return stateKey.getBytes(StandardCharsets.UTF_8);
  }

  /** The state key of a key in the store. */
  static String stateKeyOf(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private static Bytes keyBytes(String stateKey) {
    return Bytes.wrap(keyOf(stateKey));
  }

  // Queries of other threads.

  @Override
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    return LimitQueries.answer(query, this, this);
  }

  // The life cycle, all of it the inner store's. It registers this store as its root.

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    known.forget();
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
