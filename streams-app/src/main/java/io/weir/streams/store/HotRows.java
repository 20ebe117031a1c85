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
 * The rows that were used lately, by their keys' bytes. Not thread-safe.
 *
 * <p>A row that was changed is <i>dirty</i> until it is logged, and <i>ahead</i> until it is
 * written to the store below, which may be much later. Until both it stays.
 *
 * <p>Nothing is kept for a row but its key and some numbers in arrays: a {@link SlotTable} leads to
 * a slot, and a slot has the number of the row's limit (each limit is kept once, however many rows
 * have it) and its state's numbers, side by side. Only logs, states of algorithms of the user's
 * own, and rows that hold tokens are kept as objects.
 *
 * <p>Which row goes first is decided as by a clock's hand: it passes over the slots, and what was
 * used since it passed the last time may stay once more.
 */
final class HotRows {
  private static final int LEAST_SLOTS = 64;

  /** Longs of a slot: what it is, two numbers of the state, and the time of its last admission. */
  private static final int CELL = 4;

  private static final int FIRST = 1;
  private static final int SECOND = 2;
  private static final int LAST_MILLIS = 3;

  /** What a slot takes in the arrays, and its two places in the table. */
  private static final int SLOT_BYTES = CELL * 8 + 4 + 4 + 4 + SlotTable.SLOT_BYTES;

  private static final int ARRAY_HEADER_BYTES = 16;
  private static final int ROW_OBJECTS_BYTES = 120;
  private static final int ENTRY_BYTES = 16;
  private static final int HOLD_BYTES = 72;

  /** More limits than any rules have: then those of rules long gone are forgotten with the rows. */
  private static final int MOST_LIMITS = 10_000;

  /** Fewer take no memory to speak of. */
  private static final int MANY_SLOTS = 4_096;

  // The first long of a slot: flags, how its numbers are to be read, and the number of its limit.

  private static final int DIRTY = 1;
  private static final int AHEAD = 2;
  private static final int USED_LATELY = 4;
  private static final int CHOSEN = 8;
  private static final int KIND_SHIFT = 8;
  private static final int KIND_MASK = 0xFF;
  private static final int LIMIT_SHIFT = 16;

  private static final int FREE = 0;
  private static final int TOKEN_BUCKET = 1;
  private static final int LEAKY_BUCKET = 2;
  private static final int FIXED_WINDOW = 3;
  private static final int SLIDING_WINDOW_COUNTER = 4;
  private static final int OBJECT = 5;

  private final List<Limit> limits = new ArrayList<>();
  private final Map<Limit, Integer> limitNumbers = new HashMap<>();

  private SlotTable table;
  private long[] cells;
  private byte[] @Nullable [] keys;
  private int[] identifierHashes;
  private @Nullable StoredLimit[] objects;

  private int[] dirtySlots = new int[LEAST_SLOTS];
  private int dirtyCount;
  private int[] freeSlots = new int[LEAST_SLOTS];
  private int freeCount;
  private int[] chosenSlots = new int[LEAST_SLOTS];
  private int chosenCount;
  private int usedSlots;
  private int size;
  private int hand;
  private int writingHand;
  private int idleHand;
  private long keyBytes;
  private long objectBytes;

  /** The key that was looked for last, and its slot: who reads a row mostly writes it next. */
  private byte @Nullable [] lastKey;

  private int lastSlot;

  /** A row and its key. */
  record Entry(Bytes key, StoredLimit row) {}

  HotRows() {
    clear();
  }

  /** Forgets everything, whatever became of it. */
  void clear() {
    table = new SlotTable(LEAST_SLOTS);
    cells = new long[LEAST_SLOTS * CELL];
    keys = new byte[LEAST_SLOTS][];
    identifierHashes = new int[LEAST_SLOTS];
    objects = new StoredLimit[LEAST_SLOTS];
    limits.clear();
    limitNumbers.clear();
    dirtyCount = 0;
    freeCount = 0;
    chosenCount = 0;
    usedSlots = 0;
    size = 0;
    hand = 0;
    writingHand = 0;
    idleHand = 0;
    keyBytes = 0;
    objectBytes = 0;
    lastKey = null;
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
    int slot = slotOf(key);
    if (slot == SlotTable.NONE) {
      return Optional.empty();
    }
    cells[slot * CELL] |= USED_LATELY;
    return Optional.of(row(slot));
  }

  /** The row of a key, which changes nothing; empty if it is not here. For any holder of a lock. */
  Optional<StoredLimit> look(byte[] key) {
    int slot = table.find(key, keys);
    return slot == SlotTable.NONE ? Optional.empty() : Optional.of(row(slot));
  }

  /** Takes a row as it was read from below. */
  void putClean(byte[] key, StoredLimit row) {
    put(key, row, USED_LATELY);
  }

  /** Takes a row that is to be logged, and written below. */
  void putDirty(byte[] key, StoredLimit row) {
    put(key, row, USED_LATELY | DIRTY | AHEAD);
  }

  private void put(byte[] key, StoredLimit row, int newFlags) {
    int slot = slotOf(key);
    if (slot == SlotTable.NONE) {
      slot = newSlot(key);
    } else if (objects[slot] != null) {
      objectBytes -= bytesOf(objects[slot]);
      objects[slot] = null;
    }
    long flags = cells[slot * CELL];
    if ((newFlags & DIRTY & ~flags) != 0) {
      dirtySlots = added(dirtySlots, dirtyCount++, slot);
    }
    write(slot, row, (flags & (DIRTY | AHEAD)) | newFlags);
  }

  /** Forgets a row, whatever became of it. */
  void remove(byte[] key) {
    int slot = table.find(key, keys);
    if (slot != SlotTable.NONE) {
      free(slot);
    }
  }

  /**
   * Forgets a row, if it is here and both logged and written below.
   *
   * @return whether it is not here now
   */
  boolean removeUnlessChanged(byte[] key) {
    int slot = table.find(key, keys);
    if (slot == SlotTable.NONE) {
      return true;
    }
    if ((cells[slot * CELL] & (DIRTY | AHEAD)) != 0) {
      return false;
    }
    free(slot);
    return true;
  }

  /**
   * The keys of rows that are idle at a time, and that are ahead and not dirty, of so many of the
   * next slots in turn.
   */
  List<byte[]> idleKeysAhead(long horizonMillis, int mostSlots) {
    List<byte[]> idle = new ArrayList<>();
    for (int i = Math.min(mostSlots, usedSlots); i > 0; i--) {
      idleHand = idleHand + 1 < usedSlots ? idleHand + 1 : 0;
      long cell = cells[idleHand * CELL];
      if ((cell & (AHEAD | DIRTY)) == AHEAD
          && cells[idleHand * CELL + LAST_MILLIS] <= horizonMillis
          && row(idleHand).idleFromMillis() <= horizonMillis) {
        idle.add(keyOf(idleHand));
      }
    }
    return idle;
  }

  /** Each row of an identifier, known by the beginning that their keys share. */
  List<Entry> rowsOf(byte[] rowPrefix) {
    int hash = table.hash(rowPrefix, rowPrefix.length);
    List<Entry> rows = new ArrayList<>();
    for (int slot = 0; slot < usedSlots; slot++) {
      byte[] key = keys[slot];
      if (identifierHashes[slot] == hash
          && key != null
          && key.length >= rowPrefix.length
          && Arrays.equals(rowPrefix, 0, rowPrefix.length, key, 0, rowPrefix.length)) {
        rows.add(entry(slot));
      }
    }
    return rows;
  }

  // Logging.

  /** Each dirty row, in the order in which they became so; they stay dirty. */
  List<Entry> dirtyRows() {
    List<Entry> rows = new ArrayList<>(dirtyCount);
    for (int i = 0; i < dirtyCount; i++) {
      rows.add(entry(dirtySlots[i]));
    }
    return rows;
  }

  /** All dirty rows were logged. */
  void markLogged() {
    for (int i = 0; i < dirtyCount; i++) {
      cells[dirtySlots[i] * CELL] &= ~(long) DIRTY;
    }
    dirtyCount = 0;
  }

  // Writing below.

  /** How many slots were ever used: {@link #takeAhead} of as many is of all rows. */
  int slots() {
    return usedSlots;
  }

  /**
   * The rows that are ahead and not dirty, of so many of the next slots in turn. They count as
   * written from now on.
   */
  List<Entry> takeAhead(int mostSlots) {
    List<Entry> rows = new ArrayList<>();
    for (int i = Math.min(mostSlots, usedSlots); i > 0; i--) {
      writingHand = writingHand + 1 < usedSlots ? writingHand + 1 : 0;
      if ((cells[writingHand * CELL] & (AHEAD | DIRTY)) == AHEAD) {
        cells[writingHand * CELL] &= ~(long) AHEAD;
        rows.add(entry(writingHand));
      }
    }
    return rows;
  }

  // Making room.

  /**
   * Chooses rows that are missed least, none of them dirty.
   *
   * @return those of them that are ahead: to be written before all are {@linkplain #forgetChosen
   *     forgotten}
   */
  List<Entry> choose(int most) {
    List<Entry> ahead = new ArrayList<>();
    // Twice round: the first time may only take away what says that they were used lately.
    for (int passed = 0; passed < 2 * usedSlots && chosenCount < most; passed++) {
      hand = hand + 1 < usedSlots ? hand + 1 : 0;
      long flags = cells[hand * CELL];
      if (kind(flags) == FREE || (flags & (DIRTY | CHOSEN)) != 0) {
        continue;
      }
      if ((flags & USED_LATELY) != 0) {
        cells[hand * CELL] = flags & ~USED_LATELY;
        continue;
      }
      cells[hand * CELL] = flags | CHOSEN;
      chosenSlots = added(chosenSlots, chosenCount++, hand);
      if ((flags & AHEAD) != 0) {
        ahead.add(entry(hand));
      }
    }
    return ahead;
  }

  /**
   * Forgets the rows that were chosen.
   *
   * @return how many
   */
  int forgetChosen() {
    int count = chosenCount;
    for (int i = 0; i < count; i++) {
      free(chosenSlots[i]);
    }
    chosenCount = 0;
    return count;
  }

  /**
   * Whether all rows should be written below and cleared once: where there are more limits than
   * rules have, which are never forgotten one by one, or the arrays have room for many more rows
   * than there are.
   */
  boolean isToBeClearedOnce() {
    return limits.size() > MOST_LIMITS || (usedSlots > MANY_SLOTS && usedSlots / 4 > size);
  }

  // Slots.

  private int newSlot(byte[] key) {
    if (freeCount == 0 && usedSlots == keys.length) {
      grow();
    }
    int slot = freeCount > 0 ? freeSlots[--freeCount] : usedSlots++;
    keys[slot] = key;
    identifierHashes[slot] = table.hash(key, identifierLength(key));
    table.add(slot, key);
    size++;
    keyBytes += bytesOf(key);
    lastKey = key;
    lastSlot = slot;
    return slot;
  }

  private void free(int slot) {
    if ((cells[slot * CELL] & DIRTY) != 0) {
      forgetDirty(slot);
    }
    byte[] key = keyOf(slot);
    table.remove(slot, key);
    keyBytes -= bytesOf(key);
    objectBytes -= bytesOf(objects[slot]);
    keys[slot] = null;
    objects[slot] = null;
    cells[slot * CELL] = FREE;
    freeSlots = added(freeSlots, freeCount++, slot);
    size--;
    lastKey = null;
  }

  /** Rare: only rows that are forgotten before they were logged. */
  private void forgetDirty(int slot) {
    for (int i = dirtyCount - 1; i >= 0; i--) {
      if (dirtySlots[i] == slot) {
        System.arraycopy(dirtySlots, i + 1, dirtySlots, i, dirtyCount - i - 1);
        dirtyCount--;
        return;
      }
    }
  }

  private static int[] added(int[] slots, int count, int slot) {
    int[] room = count == slots.length ? Arrays.copyOf(slots, 2 * count) : slots;
    room[count] = slot;
    return room;
  }

  private void grow() {
    int slots = Math.multiplyExact(2, keys.length);
    keys = Arrays.copyOf(keys, slots);
    identifierHashes = Arrays.copyOf(identifierHashes, slots);
    cells = Arrays.copyOf(cells, Math.multiplyExact(slots, CELL));
    objects = Arrays.copyOf(objects, slots);
    table.grow(slots);
  }

  private byte[] keyOf(int slot) {
    byte[] key = keys[slot];
    if (key == null) {
      throw new IllegalStateException("slot " + slot + " is free");
    }
    return key;
  }

  private Entry entry(int slot) {
    return new Entry(Bytes.wrap(keyOf(slot)), row(slot));
  }

  private void write(int slot, StoredLimit row, long flags) {
    LimitState state = row.state();
    int at = slot * CELL;
    int kind;
    if (!row.holds().isEmpty()) {
      kind = OBJECT;
    } else if (state instanceof TokenBucketState bucket) {
      kind = TOKEN_BUCKET;
      cells[at + FIRST] = bucket.missing();
    } else if (state instanceof LeakyBucketState bucket) {
      kind = LEAKY_BUCKET;
      cells[at + FIRST] = bucket.queued();
    } else if (state instanceof FixedWindowState window) {
      kind = FIXED_WINDOW;
      cells[at + FIRST] = window.count();
    } else if (state instanceof SlidingWindowCounterState counter) {
      kind = SLIDING_WINDOW_COUNTER;
      cells[at + FIRST] = counter.current();
      cells[at + SECOND] = counter.previous();
    } else {
      kind = OBJECT;
    }
    if (kind == OBJECT) {
      objects[slot] = row;
      objectBytes += bytesOf(row);
    }
    cells[at + LAST_MILLIS] = state.lastMillis();
    long limit = numberOf((int) (cells[at] >>> LIMIT_SHIFT), row.limit());
    cells[at] = limit << LIMIT_SHIFT | (long) kind << KIND_SHIFT | flags;
  }

  private StoredLimit row(int slot) {
    int at = slot * CELL;
    long first = cells[at + FIRST];
    long lastMillis = cells[at + LAST_MILLIS];
    LimitState state;
    switch (kind(cells[at])) {
      case TOKEN_BUCKET -> state = new TokenBucketState(first, lastMillis);
      case LEAKY_BUCKET -> state = new LeakyBucketState(first, lastMillis);
      case FIXED_WINDOW -> state = new FixedWindowState(first, lastMillis);
      case SLIDING_WINDOW_COUNTER ->
          state = new SlidingWindowCounterState(first, cells[at + SECOND], lastMillis);
      default -> {
        StoredLimit row = objects[slot];
        if (row == null) {
          throw new IllegalStateException("slot " + slot + " is free");
        }
        return row;
      }
    }
    return new StoredLimit(limits.get((int) (cells[at] >>> LIMIT_SHIFT)), state);
  }

  private static int kind(long cell) {
    return (int) (cell >>> KIND_SHIFT) & KIND_MASK;
  }

  private int numberOf(int last, Limit limit) {
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

  private int slotOf(byte[] key) {
    if (key == lastKey) {
      return lastSlot;
    }
    int slot = table.find(key, keys);
    if (slot != SlotTable.NONE) {
      lastKey = key;
      lastSlot = slot;
    }
    return slot;
  }

  /** What an identifier's keys share: it and the bar behind it; all of a key that has none. */
  private static int identifierLength(byte[] key) {
    for (int i = 0; i < key.length; i++) {
      if (key[i] == '|') {
        return i + 1;
      }
    }
    return key.length;
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
