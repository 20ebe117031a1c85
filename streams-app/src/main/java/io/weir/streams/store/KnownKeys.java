package io.weir.streams.store;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a store below has, so that it need not be asked for those that it has not. At first
 * that is not known. It is learned while a pass of expiry visits all rows: what it saw, and what
 * was written since it began, is all that there can be. Each pass learns it anew, so that what was
 * forgotten is forgotten here too.
 *
 * <p>For the thread of the task that owns the store.
 */
final class KnownKeys {
  private final LongSupplier mostBytes;
  private @Nullable KeyFilter known;
  private @Nullable KeyFilter learning;

  /**
   * Nothing is known yet.
   *
   * @param mostBytes what may be taken of memory, twice while it is learned; too few: nothing is
   *     learned
   */
  KnownKeys(LongSupplier mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Whether the store may have a row, that of a key of this hash. */
  boolean mayContain(long keyHash) {
    KeyFilter filter = known;
    return filter == null || filter.mayContain(keyHash);
  }

  /** The store has a row from now on. */
  void add(long keyHash) {
    if (known != null) {
      known.add(keyHash);
    }
    if (learning != null) {
      learning.add(keyHash);
    }
  }

  /**
   * A pass begins.
   *
   * @param estimatedKeys how many there may be
   */
  void begin(long estimatedKeys) {
    long most = mostBytes.getAsLong();
    learning = most < KeyFilter.LEAST_BYTES ? null : new KeyFilter(estimatedKeys, most);
  }

  /** What the pass under way saw. */
  void learn(long[] keyHashes) {
    if (learning != null) {
      for (long each : keyHashes) {
        learning.add(each);
      }
    }
  }

  /** The pass under way has seen all. What takes nearly every key for there is of no use. */
  void end() {
    if (learning != null) {
      known = learning.isOverfull() ? null : learning;
      learning = null;
    }
  }

  /** Forgets what takes more memory than it may: what is known first, then what is learned. */
  void keepWithin(long mostBytesNow) {
    if (bytes() > mostBytesNow) {
      known = null;
    }
    if (bytes() > mostBytesNow) {
      learning = null;
    }
  }

  /** Nothing is known any more. */
  void forget() {
    known = null;
    learning = null;
  }

  /** The memory that it takes. */
  long bytes() {
    return (known == null ? 0 : known.bytes()) + (learning == null ? 0 : learning.bytes());
  }
}
