package io.weir.streams.store;

import java.util.Arrays;

/**
 * Which rows were written since a moment, by hashes of their keys: it forgets none, and takes some
 * for written that were not. Always the same small memory, however many rows are written. Not
 * thread-safe.
 */
final class WrittenRows {
  /** 32 KiB: after 25,000 writes, one key in ten is taken for written that was not. */
  static final int BITS = 1 << 18;

  private long[] bits = new long[0];

  /** Begins: no row was written. */
  void watch() {
    if (bits.length == 0) {
      bits = new long[BITS / Long.SIZE];
    } else {
      Arrays.fill(bits, 0);
    }
  }

  /** A row is written, that of a key of this hash. */
  void add(long keyHash) {
    if (bits.length > 0) {
      int bit = bit(keyHash);
      bits[bit / Long.SIZE] |= 1L << bit;
    }
  }

  /** Whether a row may have been written. */
  boolean mayContain(long keyHash) {
    int bit = bit(keyHash);
    return bits.length == 0 || (bits[bit / Long.SIZE] & (1L << bit)) != 0;
  }

  private static int bit(long keyHash) {
    return (int) keyHash & (BITS - 1);
  }
}
