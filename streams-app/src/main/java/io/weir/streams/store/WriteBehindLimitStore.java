package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.Identifiers;
import io.weir.limiter.rule.KeyText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
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
 * The limit store with the rows that are used in memory. They are judged there; written to the
 * changelog once for each commit, however often they changed since the last; and written to RocksDB
 * more seldom still.
 *
 * <p><b>The changelog.</b> At each commit Kafka Streams calls {@link #flushCache} of stores that
 * are {@link CachedStateStore}s before it flushes the producer and ends the transaction: what is
 * logged then belongs to the commit. No other call will do: {@code commit} comes after it, and
 * under exactly-once not at all while the task runs. That interface is internal to Kafka Streams,
 * and the only such that is used here; {@code WriteBehindLimitStoreTest} fails if an upgrade calls
 * it at another time.
 *
 * <p><b>RocksDB</b> needs what is logged only where a row leaves memory. Until then it lags behind:
 * each commit of Kafka Streams writes a share of the rows, one after another in {@link
 * WriteRound}s. What RocksDB is told to have of the changelog is what it had when a round began:
 * all that was logged by then is written when the round ends. So neither the logging of hot rows
 * nor the writing ever comes at once.
 *
 * <p><b>What is lost.</b> Nothing that was committed: rows that were only here belong to requests
 * whose offsets were not committed either, and those come again. Rows that were logged, and not yet
 * written, are restored from the changelog: RocksDB does not say that it has them.
 *
 * <p>The life cycle belongs to Kafka Streams; queries may come from any thread, and see what the
 * task's thread sees.
 */
final class WriteBehindLimitStore
    implements LimitStore, LimitQueries.Rows, StateStore, CachedStateStore<byte[], byte[]> {
  /** Rows that make room together: their write is one batch. */
  private static final int ROWS_TO_FORGET = 256;

  /**
   * Batches of them at a time: where a share shrinks, the rest goes at the next rows and commits.
   */
  private static final int MOST_BATCHES = 4;

  /** Slots that one step of expiry looks at: well under a millisecond. */
  private static final int SLOTS_TO_EXPIRE = 2_048;

  private final KeyValueLimitStore below;
  private final LaggingStore written;
  private final CacheShares shares;
  private final WriteRound round;

  /**
   * Changed by the task's thread alone: rows and keys with its lock, so that others read them with
   * it; flags, which nobody else reads, without.
   */
  private final HotRows hot = new HotRows();

  private boolean takesShare;

  /** Whether rows may be missing below that count as written, because a write has failed. */
  private boolean lacksRows;

  /**
   * A store.
   *
   * @param below logs what is put
   * @param written what it does not write
   * @param round how far behind RocksDB may be
   */
  WriteBehindLimitStore(
      KeyValueLimitStore below, LaggingStore written, CacheShares shares, WriteRound round) {
    this.below = below;
    this.written = written;
    this.shares = shares;
    this.round = round;
  }

  /** Where rows are logged, and read where they are not in memory. */
  KeyValueLimitStore below() {
    return below;
  }

  /** Where rows are written. */
  LaggingStore written() {
    return written;
  }

  @Override
  public Optional<StoredLimit> get(KeyText key) {
    Optional<StoredLimit> row = hot.use(key.bytes());
    if (row.isPresent()) {
      return row;
    }
    row = below.get(key);
    if (row.isPresent()) {
      synchronized (hot) {
        hot.putClean(key.bytes(), row.get());
      }
      makeRoom();
    }
    return row;
  }

  @Override
  public void put(KeyText key, StoredLimit row) {
    synchronized (hot) {
      hot.putDirty(key.bytes(), row);
    }
    makeRoom();
  }

  /** Forgets rows, those that are used least first, until the share is kept, or some at least. */
  private void makeRoom() {
    takeShare();
    long shareBytes = shares.shareBytes();
    below.known().keepWithin(shareBytes / 2); // The share may have been larger when it was learned.
    long mostBytes = shareBytes - below.known().bytes();
    for (int i = 0; i < MOST_BATCHES && hot.bytes() > mostBytes && hot.size() > 0; i++) {
      write(hot.choose(ROWS_TO_FORGET));
      int forgotten;
      synchronized (hot) {
        forgotten = hot.forgetChosen();
      }
      if (forgotten == 0) {
        log(); // All are dirty.
      }
    }
  }

  private void takeShare() {
    if (!takesShare) {
      takesShare = true;
      shares.take();
    }
  }

  /** Writes dirty rows to the changelog. */
  private void log() {
    if (hot.isDirty()) {
      below.putAllBytes(below.encoded(hot.dirtyRows()));
      hot.markLogged();
      round.logged();
    }
  }

  /** Writes rows to RocksDB that were logged. */
  private void write(List<HotRows.Entry> rows) {
    if (!rows.isEmpty()) {
      boolean lackedRows = lacksRows;
      lacksRows = true; // And stays so where this fails.
      rows.forEach(row -> below.noteWritten(row.key().get(), row.row()));
      written.write(below.encoded(rows));
      lacksRows = lackedRows;
    }
  }

  private void writeAll() {
    write(hot.takeAhead(hot.slots()));
  }

  @Override
  public long takeEarliestIdleMillis() {
    return below.takeEarliestIdleMillis();
  }

  @Override
  public void deleteAll(List<KeyText> keys) {
    delete(keys.stream().map(KeyText::bytes).toList());
  }

  @Override
  public void deleteRowsOf(KeyText identifier) {
    Set<Bytes> keys = new LinkedHashSet<>(below.keysOf(identifier));
    hot.rowsOf(rowPrefix(identifier)).forEach(row -> keys.add(row.key()));
    delete(keys.stream().map(Bytes::get).toList());
  }

  /** Forgets rows everywhere, as one batch each. */
  private void delete(List<byte[]> keys) {
    if (keys.isEmpty()) {
      return;
    }
    logAndWrite(KeyValueLimitStore.deletions(keys));
    synchronized (hot) {
      keys.forEach(hot::remove);
    }
  }

  /** Writes entries everywhere at once; a null value deletes. */
  private void logAndWrite(List<KeyValue<Bytes, byte[]>> entries) {
    below.putAllBytes(entries);
    written.write(entries);
  }

  private static byte[] rowPrefix(KeyText identifier) {
    return Identifiers.rowPrefix(identifier).bytes();
  }

  @Override
  public List<LimitRow> rowsOf(KeyText identifier, int most) {
    List<HotRows.Entry> inMemory;
    synchronized (hot) {
      inMemory = hot.rowsOf(rowPrefix(identifier));
    }
    // After them, so that what is written and forgotten meanwhile is seen there.
    List<LimitRow> rows = below.rowsOf(identifier, most);
    if (inMemory.isEmpty()) {
      return rows;
    }
    SortedMap<KeyText, LimitRow> both = new TreeMap<>();
    rows.forEach(row -> both.put(row.key(), row));
    for (HotRows.Entry entry : inMemory) {
      KeyText key = KeyText.ofBytes(entry.key().get());
      both.put(key, new LimitRow(key, entry.row()));
    }
    return both.values().stream().limit(most).toList();
  }

  @Override
  public Optional<KeyText> scan(KeyText fromKey, RowVisitor visitor) {
    return below.scan(fromKey, visitor);
  }

  @Override
  public void watchWrites() {
    below.watchWrites();
  }

  @Override
  public void beginPass() {
    takeShare(); // Before it is asked how large it is.
    below.beginPass();
    makeRoom();
  }

  @Override
  public long keyHash(KeyText key) {
    return below.keyHash(key);
  }

  @Override
  public void seenByPass(long[] keyHashes) {
    below.seenByPass(keyHashes);
    makeRoom();
  }

  @Override
  public void endPass() {
    below.endPass();
  }

  /** Those that are newer here were written since, too. */
  @Override
  public int deleteUnwritten(List<KeyText> keys) {
    List<byte[]> unwritten = new ArrayList<>(keys.size());
    synchronized (hot) {
      for (KeyText each : keys) {
        long keyHash = keyHash(each);
        if (!below.mayBeWritten(keyHash) && hot.removeUnlessChanged(each.bytes())) {
          unwritten.add(each.bytes());
        } else {
          below.noteKept(keyHash);
        }
      }
    }
    delete(unwritten);
    return unwritten.size();
  }

  @Override
  public int deleteIdleInMemory(long horizonMillis) {
    List<byte[]> idle = hot.idleKeysAhead(horizonMillis, SLOTS_TO_EXPIRE);
    delete(idle);
    return idle.size();
  }

  @Override
  public long takeAbsent() {
    return below.takeAbsent();
  }

  @Override
  public Optional<KeyText> expiryCursor() {
    return below.expiryCursor();
  }

  @Override
  public void writeExpiryCursor(Optional<KeyText> before, KeyText cursor) {
    logAndWrite(below.cursorChanges(before, cursor));
  }

  // Queries of other threads.

  @Override
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    return LimitQueries.answer(query, this, this);
  }

  @Override
  public Optional<StoredLimit> row(KeyText key) {
    Optional<StoredLimit> row;
    synchronized (hot) {
      row = hot.look(key.bytes());
    }
    return row.isPresent() ? row : below.row(key);
  }

  // The life cycle.

  /** Logs what is dirty, and then writes a share of what is logged. */
  @Override
  public void flushCache() {
    log();
    int slots = round.share(hot.slots());
    write(hot.takeAhead(slots));
    round.passed(slots);
    if (takesShare) {
      makeRoom();
    }
    if (hot.isToBeClearedOnce()) {
      writeAll();
      forget();
    }
  }

  /** The task becomes a standby, after a commit: what it has must be in RocksDB. */
  @Override
  public void clearCache() {
    if (!hot.isDirty()) {
      writeAll();
    }
    startOver();
  }

  private void startOver() {
    forget();
    below.known().forget();
    if (takesShare) {
      takesShare = false;
      shares.giveBack();
    }
    round.reset();
    lacksRows = false;
  }

  private void forget() {
    synchronized (hot) {
      hot.clear();
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
    startOver();
    below.init(context, root);
  }

  /**
   * Tells RocksDB what it has of the changelog. That is seldom just what Kafka Streams says; on
   * disk it may be less, never more.
   */
  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    if (changelogOffsets.isEmpty()) {
      // It has nothing, since its changelog is corrupted; or it keeps no offsets at all.
      round.reset();
      below.commit(changelogOffsets);
    } else if (!lacksRows) {
      round.commit(changelogOffsets, hot.slots()).ifPresent(below::commit);
    }
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

  /** After a commit RocksDB gets all; else the task is given up, and what is here is nobody's. */
  @Override
  public void close() {
    try {
      if (below.isOpen() && !hot.isDirty() && !lacksRows) {
        Optional<Map<TopicPartition, Long>> has = round.atClose();
        if (has.isPresent()) {
          writeAll();
          below.commit(has.get());
        }
      }
    } finally {
      startOver();
      below.close();
    }
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
