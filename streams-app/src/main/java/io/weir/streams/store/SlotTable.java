package io.weir.streams.store;

/**
 * Leads from keys to the slots that they are kept in: an open-addressing table with linear probing
 * and without tombstones (Knuth, TAOCP vol. 3, section 6.4, algorithms L and R). At most half full.
 * Not thread-safe.
 */
final class SlotTable {
  /** The keys of slots. */
  @FunctionalInterface
  interface Keys {
    /** Whether a slot has this key. */
    boolean hasKey(int slot, byte[] key);
  }

  /** What {@link #find} says of a key that is not there. */
  static final int NONE = -1;

  /** Bytes for each slot. */
  static final int SLOT_BYTES = 2 * Long.BYTES;

  /**
   * Hash of a key in the upper half, slot number plus one in the lower; 0 is free. So other keys
   * are mostly told apart without looking at them.
   */
  private long[] places;

  private final KeyHash hash = new KeyHash();

  /** An empty table for so many slots, a power of two. */
  SlotTable(int slots) {
    this.places = new long[2 * slots];
  }

  /** The hash of the beginning of a key. It is another one in each table. */
  int hash(byte[] key, int length) {
    return (int) hash.of(key, length);
  }

  /**
   * The slot of a key, or {@link #NONE}.
   *
   * @param keys tells whether a slot has it
   */
  int find(byte[] key, Keys keys) {
    int wanted = hash(key, key.length);
    int mask = places.length - 1;
    for (int at = wanted & mask; places[at] != 0; at = (at + 1) & mask) {
      long place = places[at];
      if (hashAt(place) == wanted && keys.hasKey(slotAt(place), key)) {
        return slotAt(place);
      }
    }
    return NONE;
  }

  /** Adds the slot of a key that is not there. */
  void add(int slot, byte[] key) {
    add(slot, hash(key, key.length));
  }

  private void add(int slot, int keyHash) {
    int mask = places.length - 1;
    int at = keyHash & mask;
    while (places[at] != 0) {
      at = (at + 1) & mask;
    }
    places[at] = (long) keyHash << Integer.SIZE | (slot + 1);
  }

  /** Removes the slot of a key, and moves up those behind it which would not be found any more. */
  void remove(int slot, byte[] key) {
    int mask = places.length - 1;
    int gap = hash(key, key.length) & mask;
    while (slotAt(places[gap]) != slot) {
      gap = (gap + 1) & mask;
    }
    for (int at = (gap + 1) & mask; places[at] != 0; at = (at + 1) & mask) {
      int home = hashAt(places[at]) & mask;
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        places[gap] = places[at];
        gap = at;
      }
    }
    places[gap] = 0;
  }

  /** Makes room for so many slots, a power of two. */
  void grow(int slots) {
    long[] before = places;
    places = new long[2 * slots];
    for (long place : before) {
      if (place != 0) {
        add(slotAt(place), hashAt(place));
      }
    }
  }

  private static int slotAt(long place) {
    return (int) place - 1;
  }

  private static int hashAt(long place) {
    return (int) (place >>> Integer.SIZE);
  }
}
