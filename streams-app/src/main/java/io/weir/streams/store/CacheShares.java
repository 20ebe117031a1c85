package io.weir.streams.store;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory that the caches of all limit stores of the process may take, in equal shares.
 * Thread-safe.
 */
public final class CacheShares {
  /** Of this many parts of a share, what is known of keys takes one; two while it is learned. */
  private static final int PARTS_OF_SHARE = 8;

  private final long maxBytes;
  private final AtomicInteger stores = new AtomicInteger();

  /**
   * Shares of so many bytes, above 0.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public CacheShares(long maxBytes) {
    if (maxBytes <= 0) {
      throw new IllegalArgumentException("the caches' bytes are " + maxBytes + ", not above 0");
    }
    this.maxBytes = maxBytes;
  }

  /** One store more has a share. */
  void take() {
    stores.incrementAndGet();
  }

  /** One store fewer has. */
  void giveBack() {
    stores.decrementAndGet();
  }

  /** What of its share each store may take to know which rows are on disk, in bytes. */
  long keysBytes() {
    return shareBytes() / PARTS_OF_SHARE;
  }

  /** What each store may take now, in bytes. */
  long shareBytes() {
    return maxBytes / Math.max(1, stores.get());
  }
}
