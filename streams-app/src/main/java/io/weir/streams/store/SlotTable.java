package io.weir.streams.store;

import java.util.Arrays;

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

  /** Bytes for each slot: two places and its hash. */
  static final int SLOT_BYTES = 2 * Integer.BYTES + Integer.BYTES;

  /**
   * Twice as many as slots. The lower bits have a slot number plus one, so that 0 is free; the
   * upper ones those of the key's hash, of which the lower ones are where the search for it begins.
   * So other keys are mostly told apart without looking at them, and the processor's cache has room
   * for many places.
   */
  private int[] places;

  /** The hashes of the slots' keys. */
  private int[] hashes;

  private final KeyHash hash = new KeyHash();

  /** An empty table for so many slots, a power of two. */
  SlotTable(int slots) {
    this.places = new int[2 * slots];
    this.hashes = new int[slots];
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
      int place = places[at];
      if (((place ^ wanted) & ~mask) == 0) {
        int slot = (place & mask) - 1;
        if (keys.hasKey(slot, key)) {
          return slot;
        }
      }
    }
    return NONE;
  }

  /** Adds the slot of a key that is not there. */
  void add(int slot, byte[] key) {
    hashes[slot] = hash(key, key.length);
    add(slot);
  }

  private void add(int slot) {
    int mask = places.length - 1;
    int at = hashes[slot] & mask;
    while (places[at] != 0) {
      at = (at + 1) & mask;
    }
    places[at] = (hashes[slot] & ~mask) | (slot + 1);
  }

  /**
   * Removes a slot that is there, and moves up those behind it which would not be found any more.
   */
  void remove(int slot) {
    int mask = places.length - 1;
    int gap = hashes[slot] & mask;
    while (slotAt(gap) != slot) {
      gap = (gap + 1) & mask;
    }
    for (int at = (gap + 1) & mask; places[at] != 0; at = (at + 1) & mask) {
      int home = hashes[slotAt(at)] & mask;
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        places[gap] = places[at];
        gap = at;
      }
    }
    places[gap] = 0;
  }

  /** Makes room for so many slots, a power of two. */
  void grow(int slots) {
    int[] before = places;
    int maskBefore = before.length - 1;
    places = new int[Math.multiplyExact(2, slots)];
    hashes = Arrays.copyOf(hashes, slots);
    for (int place : before) {
      if (place != 0) {
        add((place & maskBefore) - 1);
      }
    }
  }

  private int slotAt(int at) {
    return (places[at] & (places.length - 1)) - 1;
  }
}
