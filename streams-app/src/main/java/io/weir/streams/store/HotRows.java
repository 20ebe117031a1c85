package io.weir.streams.store;

import io.weir.limiter.algorithm.FixedWindowState;
import io.weir.limiter.algorithm.LeakyBucketState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import io.weir.limiter.algorithm.SlidingWindowLogState;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.TokenBucketState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The rows that were used lately, by their keys' bytes. A row that was written since the last
 * {@link #markClean} is dirty: it is here and nowhere else, and stays until then. Not thread-safe.
 *
 * <p>Nothing is kept for a row but its key and some numbers in arrays: an open-addressing table
 * leads to a slot, and a slot has the row's limit (each limit is kept once, however many rows have
 * it) and its state's numbers. Only logs, states of algorithms of the user's own, and rows that
 * hold tokens are kept as objects.
 *
 * <p>Which clean row goes first is decided as by a clock's hand: it passes over the slots, and what
 * was used since it passed the last time may stay once more.
 */
final class HotRows {
  private static final int LEAST_SLOTS = 64;
  private static final int NUMBERS = 3;
  private static final int NONE = -1;

  /** What a slot takes in the arrays, and its two places in the table. */
  private static final int SLOT_BYTES = 4 + 4 + 4 + 4 + 1 + 1 + NUMBERS * 8 + 2 * 4;

  private static final int ARRAY_HEADER_BYTES = 16;
  private static final int ROW_OBJECTS_BYTES = 120;
  private static final int ENTRY_BYTES = 16;
  private static final int HOLD_BYTES = 72;

  /** More limits than any rules have: then those of rules long gone are forgotten with the rows. */
  private static final int MOST_LIMITS = 10_000;

  private static final byte DIRTY = 1;
  private static final byte USED_LATELY = 2;

  /** How the numbers of a slot are to be read. */
  private static final byte FREE = 0;

  private static final byte TOKEN_BUCKET = 1;
  private static final byte LEAKY_BUCKET = 2;
  private static final byte FIXED_WINDOW = 3;
  private static final byte SLIDING_WINDOW_COUNTER = 4;
  private static final byte OBJECT = 5;

  private final List<Limit> limits = new ArrayList<>();
  private final Map<Limit, Integer> limitNumbers = new HashMap<>();

  /** Slot numbers plus one, by hash; 0 is free. */
  private int[] table;

  private byte[] @Nullable [] keys;
  private int[] hashes;
  private int[] limitOf;
  private byte[] kinds;
  private byte[] flags;
  private long[] numbers;
  private @Nullable StoredLimit[] objects;

  private int[] dirtySlots = new int[LEAST_SLOTS];
  private int dirtyCount;
  private int[] freeSlots = new int[LEAST_SLOTS];
  private int freeCount;
  private int usedSlots;
  private int size;
  private int hand;
  private long keyBytes;
  private long objectBytes;

  /** A row and its key. */
  record Entry(Bytes key, StoredLimit row) {}

  HotRows() {
    clear();
  }

  /** Forgets everything, dirty rows too. */
  void clear() {
    table = new int[2 * LEAST_SLOTS];
    keys = new byte[LEAST_SLOTS][];
    hashes = new int[LEAST_SLOTS];
    limitOf = new int[LEAST_SLOTS];
    kinds = new byte[LEAST_SLOTS];
    flags = new byte[LEAST_SLOTS];
    numbers = new long[LEAST_SLOTS * NUMBERS];
    objects = new StoredLimit[LEAST_SLOTS];
    limits.clear();
    limitNumbers.clear();
    dirtyCount = 0;
    freeCount = 0;
    usedSlots = 0;
    size = 0;
    hand = 0;
    keyBytes = 0;
    objectBytes = 0;
  }

  /** How many rows there are. */
  int size() {
    return size;
  }

  /** Whether rows are dirty. */
  boolean isDirty() {
    return dirtyCount > 0;
  }

  /**
   * The memory that they take, in bytes, as far as it can be told: at most, since half of the
   * arrays may be free.
   */
  long bytes() {
    return 2L * size * SLOT_BYTES + keyBytes + objectBytes;
  }

  /** The row of a key, which is used; empty if it is not here. */
  Optional<StoredLimit> use(byte[] key) {
    int slot = find(key, hash(key));
    if (slot == NONE) {
      return Optional.empty();
    }
    flags[slot] |= USED_LATELY;
    return Optional.of(row(slot));
  }

  /** The row of a key, which changes nothing; empty if it is not here. */
  Optional<StoredLimit> look(byte[] key) {
    int slot = find(key, hash(key));
    return slot == NONE ? Optional.empty() : Optional.of(row(slot));
  }

  /** Takes a row as it was read from below. */
  void putClean(byte[] key, StoredLimit row) {
    put(key, row, USED_LATELY);
  }

  /** Takes a row that is to be written below. */
  void putDirty(byte[] key, StoredLimit row) {
    put(key, row, (byte) (USED_LATELY | DIRTY));
  }

  private void put(byte[] key, StoredLimit row, byte newFlags) {
    int hash = hash(key);
    int slot = find(key, hash);
    if (slot == NONE) {
      slot = newSlot(key, hash);
    } else {
      objectBytes -= bytesOf(objects[slot]);
      objects[slot] = null;
    }
    write(slot, row);
    if ((newFlags & DIRTY) != 0 && (flags[slot] & DIRTY) == 0) {
      if (dirtyCount == dirtySlots.length) {
        dirtySlots = Arrays.copyOf(dirtySlots, 2 * dirtyCount);
      }
      dirtySlots[dirtyCount++] = slot;
    }
    flags[slot] |= newFlags;
  }

  /** Forgets a row, dirty or not. */
  void remove(byte[] key) {
    int slot = find(key, hash(key));
    if (slot != NONE) {
      free(slot);
    }
  }

  /**
   * Forgets a row, if it is here and not dirty.
   *
   * @return whether it is not here now
   */
  boolean removeUnlessDirty(byte[] key) {
    int slot = find(key, hash(key));
    if (slot == NONE) {
      return true;
    }
    if ((flags[slot] & DIRTY) != 0) {
      return false;
    }
    free(slot);
    return true;
  }

  /** Each dirty row, in the order in which they became so; they stay dirty. */
  List<Entry> dirtyRows() {
    List<Entry> rows = new ArrayList<>(dirtyCount);
    for (int i = 0; i < dirtyCount; i++) {
      rows.add(new Entry(Bytes.wrap(keyOf(dirtySlots[i])), row(dirtySlots[i])));
    }
    return rows;
  }

  /** Each dirty row whose key begins so. */
  List<Entry> dirtyRows(byte[] prefix) {
    List<Entry> rows = new ArrayList<>();
    for (int i = 0; i < dirtyCount; i++) {
      byte[] key = keyOf(dirtySlots[i]);
      if (Arrays.equals(prefix, 0, prefix.length, key, 0, Math.min(prefix.length, key.length))) {
        rows.add(new Entry(Bytes.wrap(key), row(dirtySlots[i])));
      }
    }
    return rows;
  }

  /** All rows were written below. */
  void markClean() {
    for (int i = 0; i < dirtyCount; i++) {
      flags[dirtySlots[i]] &= ~DIRTY;
    }
    dirtyCount = 0;
    if (limits.size() > MOST_LIMITS) {
      clear();
    }
  }

  /**
   * Forgets the clean row that is missed least.
   *
   * @return whether there was one
   */
  boolean evict() {
    // Twice round: the first time may only take away what says that they were used lately.
    for (int passed = 0; passed < 2 * usedSlots; passed++) {
      hand = hand + 1 < usedSlots ? hand + 1 : 0;
      if (kinds[hand] == FREE || (flags[hand] & DIRTY) != 0) {
        continue;
      }
      if ((flags[hand] & USED_LATELY) == 0) {
        free(hand);
        return true;
      }
      flags[hand] &= ~USED_LATELY;
    }
    return false;
  }

  // Slots.

  private int newSlot(byte[] key, int hash) {
    if (freeCount == 0 && usedSlots == keys.length) {
      grow();
    }
    int slot = freeCount > 0 ? freeSlots[--freeCount] : usedSlots++;
    keys[slot] = key;
    hashes[slot] = hash;
    flags[slot] = 0;
    insert(slot, hash);
    size++;
    keyBytes += bytesOf(key);
    return slot;
  }

  private void free(int slot) {
    if ((flags[slot] & DIRTY) != 0) {
      forgetDirty(slot);
    }
    unlink(slot);
    keyBytes -= bytesOf(keyOf(slot));
    objectBytes -= bytesOf(objects[slot]);
    keys[slot] = null;
    objects[slot] = null;
    kinds[slot] = FREE;
    flags[slot] = 0;
    if (freeCount == freeSlots.length) {
      freeSlots = Arrays.copyOf(freeSlots, 2 * freeCount);
    }
    freeSlots[freeCount++] = slot;
    size--;
  }

  /** Rare: only rows that are forgotten before they were written below. */
  private void forgetDirty(int slot) {
    for (int i = dirtyCount - 1; i >= 0; i--) {
      if (dirtySlots[i] == slot) {
        System.arraycopy(dirtySlots, i + 1, dirtySlots, i, dirtyCount - i - 1);
        dirtyCount--;
        return;
      }
    }
  }

  private void grow() {
    int slots = Math.multiplyExact(2, keys.length);
    keys = Arrays.copyOf(keys, slots);
    hashes = Arrays.copyOf(hashes, slots);
    limitOf = Arrays.copyOf(limitOf, slots);
    kinds = Arrays.copyOf(kinds, slots);
    flags = Arrays.copyOf(flags, slots);
    numbers = Arrays.copyOf(numbers, slots * NUMBERS);
    objects = Arrays.copyOf(objects, slots);
    table = new int[2 * slots];
    for (int slot = 0; slot < usedSlots; slot++) {
      insert(slot, hashes[slot]);
    }
  }

  private byte[] keyOf(int slot) {
    byte[] key = keys[slot];
    if (key == null) {
      throw new IllegalStateException("slot " + slot + " is free");
    }
    return key;
  }

  private void write(int slot, StoredLimit row) {
    LimitState state = row.state();
    int at = slot * NUMBERS;
    if (!row.holds().isEmpty()) {
      writeObject(slot, row);
    } else if (state instanceof TokenBucketState bucket) {
      kinds[slot] = TOKEN_BUCKET;
      numbers[at] = bucket.missing();
    } else if (state instanceof LeakyBucketState bucket) {
      kinds[slot] = LEAKY_BUCKET;
      numbers[at] = bucket.queued();
    } else if (state instanceof FixedWindowState window) {
      kinds[slot] = FIXED_WINDOW;
      numbers[at] = window.count();
    } else if (state instanceof SlidingWindowCounterState counter) {
      kinds[slot] = SLIDING_WINDOW_COUNTER;
      numbers[at] = counter.current();
      numbers[at + 1] = counter.previous();
    } else {
      writeObject(slot, row);
    }
    numbers[at + NUMBERS - 1] = state.lastMillis();
    limitOf[slot] = numberOf(slot, row.limit());
  }

  private void writeObject(int slot, StoredLimit row) {
    kinds[slot] = OBJECT;
    objects[slot] = row;
    objectBytes += bytesOf(row);
  }

  private StoredLimit row(int slot) {
    int at = slot * NUMBERS;
    long lastMillis = numbers[at + NUMBERS - 1];
    LimitState state;
    switch (kinds[slot]) {
      case TOKEN_BUCKET -> state = new TokenBucketState(numbers[at], lastMillis);
      case LEAKY_BUCKET -> state = new LeakyBucketState(numbers[at], lastMillis);
      case FIXED_WINDOW -> state = new FixedWindowState(numbers[at], lastMillis);
      case SLIDING_WINDOW_COUNTER ->
          state = new SlidingWindowCounterState(numbers[at], numbers[at + 1], lastMillis);
      default -> {
        StoredLimit row = objects[slot];
        if (row == null) {
          throw new IllegalStateException("slot " + slot + " is free");
        }
        return row;
      }
    }
    return new StoredLimit(limits.get(limitOf[slot]), state);
  }

  private int numberOf(int slot, Limit limit) {
    int last = limitOf[slot];
    // Mostly the row's limit is the one that it had: the very same object, even.
    if (last < limits.size() && limits.get(last).equals(limit)) {
      return last;
    }
    return limitNumbers.computeIfAbsent(
        limit,
        added -> {
          limits.add(added);
          return limits.size() - 1;
        });
  }

  // The table: linear probing, no tombstones.

  private int find(byte[] key, int hash) {
    int mask = table.length - 1;
    for (int at = hash & mask; table[at] != 0; at = (at + 1) & mask) {
      int slot = table[at] - 1;
      if (hashes[slot] == hash && Arrays.equals(keys[slot], key)) {
        return slot;
      }
    }
    return NONE;
  }

  private void insert(int slot, int hash) {
    int mask = table.length - 1;
    int at = hash & mask;
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = slot + 1;
  }

  /** Moves up those behind it which would not be found any more. */
  private void unlink(int slot) {
    int mask = table.length - 1;
    int gap = hashes[slot] & mask;
    while (table[gap] != slot + 1) {
      gap = (gap + 1) & mask;
    }
    for (int at = (gap + 1) & mask; table[at] != 0; at = (at + 1) & mask) {
      int home = hashes[table[at] - 1] & mask;
      if (((at - home) & mask) >= ((at - gap) & mask)) {
        table[gap] = table[at];
        gap = at;
      }
    }
    table[gap] = 0;
  }

  private static int hash(byte[] key) {
    int hash = Arrays.hashCode(key) * 0x9E3779B9;
    return hash ^ (hash >>> 16);
  }

  private static long bytesOf(byte[] key) {
    return (ARRAY_HEADER_BYTES + key.length + 7L) & ~7L;
  }

  private static long bytesOf(@Nullable StoredLimit row) {
    if (row == null) {
      return 0;
    }
    long entries = row.state() instanceof SlidingWindowLogState log ? log.size() : 0;
    return ROW_OBJECTS_BYTES + entries * ENTRY_BYTES + (long) row.holds().size() * HOLD_BYTES;
  }
}
