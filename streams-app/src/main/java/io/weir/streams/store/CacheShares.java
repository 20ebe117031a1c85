package io.weir.streams.store;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory that the caches of all limit stores of the process may take, in equal shares.
 * Thread-safe.
 */
public final class CacheShares {
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

  /** What each store may take now, in bytes. */
  long shareBytes() {
    return maxBytes / Math.max(1, stores.get());
  }
}
