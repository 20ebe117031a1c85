package io.weir.streams.store;

import java.util.Arrays;

/**
 * A set of keys, by their hashes: it takes some for members that are none, and never a member for
 * none. A Bloom filter of which a key's bits are in one word (Putze, Sanders and Singler, "Cache-,
 * Hash- and Space-Efficient Bloom Filters", 2007), in layers that are four times as large as the
 * one before, as nobody knows how many keys there will be. Not thread-safe.
 */
final class KeyFilter {
  /**
   * Some 13 bits for each key: in a layer of the right size, one in a hundred that are no members
   * is taken for one.
   */
  private static final int KEYS_OF_WORD = 5;

  /** Then it is most of them. */
  private static final int TOO_MANY_KEYS_OF_WORD = 4 * KEYS_OF_WORD;

  /** No filter is smaller. */
  static final long LEAST_BYTES = 64;

  private static final int FIRST_WORDS = 8 * 1_024;
  private static final int MOST_WORDS = 1 << 28;
  private static final int GROWTH = 4;

  private static final int BIT_NUMBER_BITS = 6;

  /** The last one takes keys. */
  private long[][] layers;

  private final long mostBytes;
  private long keysOfLast;
  private long bytes;

  /**
   * No keys.
   *
   * @param expectedKeys how many there may be; more may come
   * @param mostBytes how large it may become, at least {@link #LEAST_BYTES}. Beyond it takes more
   *     and more keys for members
   */
  KeyFilter(long expectedKeys, long mostBytes) {
    this.mostBytes = mostBytes;
    this.layers = new long[][] {layer(Math.max(FIRST_WORDS, expectedKeys / KEYS_OF_WORD))};
  }

  /** So many words, if there is room for them: the next power of two, or the last that fits. */
  private long[] layer(long words) {
    long fitting = Long.highestOneBit((mostBytes - bytes) / Long.BYTES);
    long wanted = Long.highestOneBit(2 * Math.min(words, MOST_WORDS) - 1);
    int count = (int) Math.min(fitting, wanted);
    bytes += (long) count * Long.BYTES;
    return new long[count];
  }

  /** Adds a key by its hash. */
  void add(long hash) {
    if (mayContain(hash)) {
      return;
    }
    long[] last = layers[layers.length - 1];
    if (keysOfLast >= (long) last.length * KEYS_OF_WORD
        && mostBytes - bytes >= (long) last.length * Long.BYTES) {
      last = layer((long) last.length * GROWTH);
      layers = Arrays.copyOf(layers, layers.length + 1);
      layers[layers.length - 1] = last;
      keysOfLast = 0;
    }
    last[word(last, hash)] |= bits(hash);
    keysOfLast++;
  }

  /** Whether a key may have been added, by its hash. */
  boolean mayContain(long hash) {
    long bits = bits(hash);
    for (long[] layer : layers) {
      if ((layer[word(layer, hash)] & bits) == bits) {
        return true;
      }
    }
    return false;
  }

  /** Whether it has so many keys for its size that it takes most others for members, too. */
  boolean isOverfull() {
    return keysOfLast > (long) layers[layers.length - 1].length * TOO_MANY_KEYS_OF_WORD;
  }

  /** The memory that it takes. */
  long bytes() {
    return bytes;
  }

  private static int word(long[] layer, long hash) {
    return (int) (hash >>> Integer.SIZE) & (layer.length - 1);
  }

  /** Up to four bits, chosen by the lower half of the hash. */
  private static long bits(long hash) {
    return 1L << hash
        | 1L << (hash >>> BIT_NUMBER_BITS)
        | 1L << (hash >>> (2 * BIT_NUMBER_BITS))
        | 1L << (hash >>> (3 * BIT_NUMBER_BITS));
  }
}
