package io.weir.streams.store;

import io.weir.limiter.rule.KeyText;
import java.util.List;
import java.util.Optional;

/**
 * The rows of state of one partition as {@link Expiry} sees them. For the thread of the task that
 * owns the store, but for what says otherwise.
 */
public interface ExpiringRows {

  /**
   * Visits rows in key order until the visitor has enough, as they are when it begins: those that
   * are written, to RocksDB where rows in use are kept in memory beside it. From any thread.
   *
   * @param fromKey where to begin: the first row at or after this key; the empty text is before all
   * @return the key of the first row that was not visited; empty if there is none
   * @throws UnreadableRowException where a row's bytes cannot be understood
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException if the store is closed, or
   *     is meanwhile
   */
  Optional<KeyText> scan(KeyText fromKey, RowVisitor visitor);

  /**
   * Remembers from now on which rows are written, in place of those that were before. What a scan
   * finds that begins later is known to be what is there, where it was not written since.
   */
  void watchWrites();

  /**
   * Forgets those rows, as one batch, that were not written since {@link #watchWrites}; unknown
   * keys do no harm. A row that was not written may be kept, too: which were is known by hashes.
   *
   * @return how many were forgotten
   */
  int deleteUnwritten(List<KeyText> keys);

  /**
   * Forgets rows that are idle among some of those that are in memory only, so that scans do not
   * find them yet. All of them have their turn.
   *
   * @return how many were forgotten
   */
  int deleteIdleInMemory(long horizonMillis);

  /**
   * The earliest time, in milliseconds since the epoch, from which on a row can be idle that was
   * written, so that a scan finds it, since this was asked last; {@link Long#MAX_VALUE} where none
   * was.
   */
  long takeEarliestIdleMillis();

  /** How many rows were asked for since this was asked last, and were not there. */
  long takeAbsent();

  /**
   * A pass begins that visits all rows. Once it has, the store knows which rows it need not look
   * for: it is told of those that the pass saw and that stay, and sees by itself what is written
   * meanwhile, and what {@link #deleteUnwritten} keeps.
   */
  void beginPass();

  /** The hash that a row is known by. From any thread. */
  long keyHash(KeyText key);

  /** The rows that the pass under way saw and that stay, by {@link #keyHash}. */
  void seenByPass(long[] keyHashes);

  /** The pass under way has seen all rows. */
  void endPass();

  /** Where expiry was, as it was written last; empty if it was not. From any thread. */
  Optional<KeyText> expiryCursor();

  /**
   * Writes where expiry is. Scans do not visit it, and no query finds it.
   *
   * @param before what was written before, which goes
   */
  void writeExpiryCursor(Optional<KeyText> before, KeyText cursor);

  /** Takes rows one by one. It must not write to the store. */
  @FunctionalInterface
  interface RowVisitor {
    /**
     * Takes one row.
     *
     * @return whether to go on to the next one
     */
    boolean visit(LimitRow row);
  }
}
