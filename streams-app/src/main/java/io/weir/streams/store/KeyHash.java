package io.weir.streams.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Hashes of keys: eight bytes at a time, each mixed in by a multiplication whose halves are folded.
 * The multiplier is another one in each instance, so who chooses identifiers does not choose those
 * that meet. Thread-safe.
 */
final class KeyHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long multiplier = new SplittableRandom().nextLong() | 1;

  /** The hash of the beginning of a key. */
  long of(byte[] key, int length) {
    long hash = multiplier ^ length;
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      hash = mixed(hash ^ (long) LONGS.get(key, at));
    }
    long rest = 0;
    for (; at < length; at++) {
      rest = rest << Byte.SIZE | (key[at] & 0xFF);
    }
    return mixed(mixed(hash ^ rest));
  }

  /** The hash of a key. */
  long of(byte[] key) {
    return of(key, key.length);
  }

  /** Both halves of the product: each bit of the lower one knows nothing of the bits above it. */
  private long mixed(long hash) {
    return (hash * multiplier) ^ Math.multiplyHigh(hash, multiplier);
  }
}
