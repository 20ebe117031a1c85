package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * The limit store with the rows that are used in memory: they are judged there, and written below,
 * to RocksDB and to the changelog, once for each commit however often they changed since the last.
 *
 * <p><b>When.</b> At each commit Kafka Streams calls {@link #flushCache} of stores that are {@link
 * CachedStateStore}s before it flushes the producer and ends the transaction: what is written then
 * belongs to the commit. No other call will do: {@code commit} comes after it, and under
 * exactly-once not at all while the task runs. That interface is internal to Kafka Streams, and the
 * only such that is used here; {@code WriteBehindLimitStoreTest} fails if an upgrade calls it at
 * another time.
 *
 * <p><b>What is lost.</b> Nothing that was committed: rows that were only here belong to requests
 * whose offsets were not committed either, and those come again.
 *
 * <p>The life cycle belongs to Kafka Streams; queries may come from any thread, and see what the
 * task's thread sees.
 */
final class WriteBehindLimitStore
    implements LimitStore, LimitQueries.Rows, StateStore, CachedStateStore<byte[], byte[]> {
  private final KeyValueLimitStore below;
  private final CacheShares shares;

  /** Changed by the task's thread alone, with its lock; others read with its lock. */
  private final HotRows hot = new HotRows();

  private boolean takesShare;

  WriteBehindLimitStore(KeyValueLimitStore below, CacheShares shares) {
    this.below = below;
    this.shares = shares;
  }

  /** Where rows are written. */
  KeyValueLimitStore below() {
    return below;
  }

  @Override
  public Optional<StoredLimit> get(String stateKey) {
    byte[] key = KeyValueLimitStore.keyOf(stateKey);
    Optional<StoredLimit> row = hot.use(key);
    if (row.isPresent()) {
      return row;
    }
    row = below.get(stateKey);
    if (row.isPresent()) {
      synchronized (hot) {
        hot.putClean(key, row.get());
      }
      makeRoom();
    }
    return row;
  }

  @Override
  public void put(String stateKey, StoredLimit row) {
    synchronized (hot) {
      hot.putDirty(KeyValueLimitStore.keyOf(stateKey), row);
    }
    makeRoom();
  }

  /** Evicts clean rows until the share is kept; where all are dirty, writes them below first. */
  private void makeRoom() {
    if (!takesShare) {
      takesShare = true;
      shares.take();
    }
    long shareBytes = shares.shareBytes();
    while (hot.bytes() > shareBytes) {
      boolean evicted;
      synchronized (hot) {
        evicted = hot.evict();
      }
      if (!evicted) {
        drain();
      }
    }
  }

  private void drain() {
    if (hot.isDirty()) {
      below.putAll(hot.dirtyRows());
      synchronized (hot) {
        hot.markClean();
      }
    }
  }

  @Override
  public long takeEarliestIdleMillis() {
    return below.takeEarliestIdleMillis();
  }

  @Override
  public void deleteAll(List<String> stateKeys) {
    below.deleteAll(stateKeys);
    synchronized (hot) {
      stateKeys.forEach(stateKey -> hot.remove(KeyValueLimitStore.keyOf(stateKey)));
    }
  }

  @Override
  public void deleteRowsOf(String identifier) {
    drain();
    List<byte[]> deleted = below.deleteAndTell(identifier);
    synchronized (hot) {
      deleted.forEach(hot::remove);
    }
  }

  @Override
  public List<LimitRow> rowsOf(String identifier, int most) {
    List<HotRows.Entry> dirty;
    synchronized (hot) {
      dirty = hot.dirtyRows(KeyValueLimitStore.keyOf(Identifiers.rowPrefix(identifier)));
    }
    // After them, so that what is written below meanwhile is seen there.
    List<LimitRow> written = below.rowsOf(identifier, most);
    if (dirty.isEmpty()) {
      return written;
    }
    SortedMap<Bytes, LimitRow> rows = new TreeMap<>();
    written.forEach(row -> rows.put(Bytes.wrap(KeyValueLimitStore.keyOf(row.stateKey())), row));
    dirty.forEach(
        entry ->
            rows.put(
                entry.key(),
                new LimitRow(KeyValueLimitStore.stateKeyOf(entry.key().get()), entry.row())));
    return rows.values().stream().limit(most).toList();
  }

  @Override
  public Optional<String> scan(String fromKey, RowVisitor visitor) {
    return below.scan(fromKey, visitor);
  }

  @Override
  public void watchWrites() {
    below.watchWrites();
  }

  /** Those that are only here yet were written since, too. */
  @Override
  public int deleteUnwritten(List<String> stateKeys) {
    List<String> unwritten = new ArrayList<>(stateKeys.size());
    synchronized (hot) {
      for (String stateKey : stateKeys) {
        byte[] key = KeyValueLimitStore.keyOf(stateKey);
        if (!below.mayBeWritten(key) && hot.removeUnlessDirty(key)) {
          unwritten.add(stateKey);
        }
      }
    }
    below.deleteAll(unwritten);
    return unwritten.size();
  }

  @Override
  public long takeAbsent() {
    return below.takeAbsent();
  }

  @Override
  public Optional<String> expiryCursor() {
    return below.expiryCursor();
  }

  @Override
  public void writeExpiryCursor(Optional<String> before, String cursor) {
    below.writeExpiryCursor(before, cursor);
  }

  // Queries of other threads.

  @Override
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    return LimitQueries.answer(query, this, this);
  }

  @Override
  public Optional<StoredLimit> row(String stateKey) {
    Optional<StoredLimit> row;
    synchronized (hot) {
      row = hot.look(KeyValueLimitStore.keyOf(stateKey));
    }
    return row.isPresent() ? row : below.row(stateKey);
  }

  // The life cycle.

  @Override
  public void flushCache() {
    drain();
  }

  /** What is only here belongs to nobody any more: the task is given up, or becomes a standby. */
  @Override
  public void clearCache() {
    synchronized (hot) {
      hot.clear();
    }
    if (takesShare) {
      takesShare = false;
      shares.giveBack();
    }
  }

  /** Nobody listens: rows are not forwarded downstream. */
  @Override
  public boolean setFlushListener(
      CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public String name() {
    return below.name();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    clearCache();
    below.init(context, root);
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    below.commit(changelogOffsets);
  }

  @Override
  public Long committedOffset(TopicPartition partition) {
    return below.committedOffset(partition);
  }

  @Override
  @Deprecated
  public boolean managesOffsets() {
    return below.managesOffsets();
  }

  @Override
  public void close() {
    clearCache();
    below.close();
  }

  @Override
  public boolean persistent() {
    return below.persistent();
  }

  @Override
  public boolean isOpen() {
    return below.isOpen();
  }

  @Override
  public Position getPosition() {
    return below.getPosition();
  }
}
