package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.codec.CodecException;
import io.weir.limiter.codec.StoredLimitCodec;
import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.KeyText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.BytesSerializer;
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
  private final KeyHash hash = new KeyHash();
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
  public Optional<StoredLimit> get(KeyText key) {
    Optional<StoredLimit> row = known.mayContain(keyHash(key)) ? row(key) : Optional.empty();
    if (row.isEmpty()) {
      absent++;
    }
    return row;
  }

  /** Reads a row, from any thread. */
  @Override
  public Optional<StoredLimit> row(KeyText key) {
    byte[] bytes = inner.get(Bytes.wrap(key.bytes()));
    return bytes == null ? Optional.empty() : Optional.of(decode(key, bytes));
  }

  @Override
  public void put(KeyText key, StoredLimit row) {
    noteWritten(key.bytes(), row);
    inner.put(Bytes.wrap(key.bytes()), codec.encode(row));
  }

  /** Remembers that a row is written. */
  void noteWritten(byte[] key, StoredLimit row) {
    earliestIdleMillis = Math.min(earliestIdleMillis, row.idleFromMillis());
    long keyHash = hash.of(key);
    written.add(keyHash);
    known.add(keyHash);
  }

  /** Remembers that a row stays, though it was to be forgotten, by {@link #keyHash}. */
  void noteKept(long keyHash) {
    known.add(keyHash);
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

  /** Whether a row may have been written since writes are watched, by {@link #keyHash}. */
  boolean mayBeWritten(long keyHash) {
    return written.mayContain(keyHash);
  }

  @Override
  public void beginPass() {
    known.begin(inner.approximateNumEntries());
  }

  @Override
  public long keyHash(KeyText key) {
    return hash.of(key.bytes());
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
  public int deleteUnwritten(List<KeyText> keys) {
    List<KeyText> unwritten = new ArrayList<>(keys.size());
    for (KeyText key : keys) {
      long keyHash = keyHash(key);
      if (mayBeWritten(keyHash)) {
        noteKept(keyHash);
      } else {
        unwritten.add(key);
      }
    }
    deleteAll(unwritten);
    return unwritten.size();
  }

  /** What is to be written where expiry is somewhere else than before. */
  List<KeyValue<Bytes, byte[]>> cursorChanges(Optional<KeyText> before, KeyText key) {
    return cursor.changes(before, key);
  }

  @Override
  public Optional<KeyText> expiryCursor() {
    return cursor.read();
  }

  @Override
  public void writeExpiryCursor(Optional<KeyText> before, KeyText key) {
    inner.putAll(cursorChanges(before, key));
  }

  @Override
  public void deleteAll(List<KeyText> keys) {
    inner.putAll(deletions(keys.stream().map(KeyText::bytes).toList()));
  }

  @Override
  public void deleteRowsOf(KeyText identifier) {
    inner.putAll(deletions(keysOf(identifier).stream().map(Bytes::get).toList()));
  }

  /** Null values, as one batch: a delete would read each row first. */
  static List<KeyValue<Bytes, byte[]>> deletions(List<byte[]> keys) {
    List<KeyValue<Bytes, byte[]>> deletions = new ArrayList<>(keys.size());
    keys.forEach(key -> deletions.add(KeyValue.pair(Bytes.wrap(key), null)));
    return deletions;
  }

  /** The keys of all rows of one identifier. */
  List<Bytes> keysOf(KeyText identifier) {
    List<Bytes> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found = find(identifier)) {
      found.forEachRemaining(row -> keys.add(row.key));
    }
    return keys;
  }

  private KeyValueIterator<Bytes, byte[]> find(KeyText identifier) {
    Bytes rowPrefix = Bytes.wrap(Identifiers.rowPrefix(identifier).bytes());
    return inner.prefixScan(rowPrefix, new BytesSerializer());
  }

  @Override
  public List<LimitRow> rowsOf(KeyText identifier, int most) {
    List<LimitRow> rows = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found = find(identifier)) {
      while (rows.size() < most && found.hasNext()) {
        rows.add(row(found.next()));
      }
    }
    return rows;
  }

  @Override
  public Optional<KeyText> scan(KeyText fromKey, RowVisitor visitor) {
    // From the cursor on, if before all rows: else RocksDB may have many deleted ones to skip
    // first.
    Bytes from = fromKey.length() == 0 ? ExpiryCursor.BEFORE_ALL_ROWS : Bytes.wrap(fromKey.bytes());
    try (KeyValueIterator<Bytes, byte[]> found = inner.range(from, null)) {
      boolean wantsMore = true;
      while (wantsMore && found.hasNext()) {
        KeyValue<Bytes, byte[]> entry = found.next();
        wantsMore = ExpiryCursor.isCursor(entry.key) || visitor.visit(row(entry));
      }
      return found.hasNext()
          ? Optional.of(KeyText.ofBytes(found.peekNextKey().get()))
          : Optional.empty();
    }
  }

  private LimitRow row(KeyValue<Bytes, byte[]> entry) {
    KeyText key = KeyText.ofBytes(entry.key.get());
    return new LimitRow(key, decode(key, entry.value));
  }

  private StoredLimit decode(KeyText key, byte[] bytes) {
    try {
      return codec.decode(bytes);
    } catch (CodecException e) {
      throw new UnreadableRowException(name(), key.toString(), e);
    }
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
