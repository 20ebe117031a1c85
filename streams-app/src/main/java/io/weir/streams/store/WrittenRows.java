package io.weir.streams.store;

import java.util.Arrays;

/**
 * Which rows were written since a moment, by hashes of their keys: it forgets none, and takes some
 * for written that were not. Always the same small memory, however many rows are written. Not
 * thread-safe.
 */
final class WrittenRows {
  /** 32 KiB: after 25,000 writes, one key in ten is taken for written that was not. */
  private static final int BITS = 1 << 18;

  private long[] bits = new long[0];

  /** Begins: no row was written. */
  void watch() {
    if (bits.length == 0) {
      bits = new long[BITS / Long.SIZE];
    } else {
      Arrays.fill(bits, 0);
    }
  }

  /** A row is written. */
  void add(byte[] key) {
    if (bits.length > 0) {
      int bit = bit(key);
      bits[bit / Long.SIZE] |= 1L << bit;
    }
  }

  /** Whether a row may have been written. */
  boolean mayContain(byte[] key) {
    int bit = bit(key);
    return bits.length == 0 || (bits[bit / Long.SIZE] & (1L << bit)) != 0;
  }

  private static int bit(byte[] key) {
    int hash = Arrays.hashCode(key) * 0x9E3779B9;
    return (hash ^ (hash >>> 15)) & (BITS - 1);
  }
}
