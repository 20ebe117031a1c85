package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The rows that were used lately, by their keys' bytes. Not thread-safe.
 *
 * <p>A row that was changed is <i>dirty</i> until it is logged, and <i>ahead</i> until it is
 * written to the store below, which may be much later. Until both it stays.
 *
 * <p>A {@link SlotTable} leads from a key to a slot, and {@link RowCells} has what is in it.
 *
 * <p>Which row goes first is decided as by a clock's hand: it passes over the slots, and what was
 * used since it passed the last time may stay once more.
 */
final class HotRows {
  private static final int LEAST_SLOTS = 64;

  /**
   * What a slot takes: its cell, its place in arrays, which may be half empty, and in the table.
   */
  private static final int SLOT_BYTES =
      RowCells.SLOT_BYTES + 2 * (4 + 4 + 4 + SlotTable.SLOT_BYTES);

  /** More limits than any rules have: then those of rules long gone are forgotten with the rows. */
  private static final int MOST_LIMITS = 10_000;

  /** Fewer take no memory to speak of. */
  private static final int MANY_SLOTS = 4_096;

  private static final int DIRTY = 1;
  private static final int AHEAD = 2;
  private static final int USED_LATELY = 4;
  private static final int CHOSEN = 8;

  private final RowCells cells = new RowCells();
  private final SlotTable.Keys keys = cells::hasKey;

  private SlotTable table;
  private int[] identifierHashes;

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
    identifierHashes = new int[LEAST_SLOTS];
    cells.clear();
    dirtyCount = 0;
    freeCount = 0;
    chosenCount = 0;
    usedSlots = 0;
    size = 0;
    hand = 0;
    writingHand = 0;
    idleHand = 0;
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

  /** The memory that they take, in bytes, as far as it can be told. */
  long bytes() {
    return (long) size * SLOT_BYTES + cells.objectBytes();
  }

  /** The row of a key, which is used; empty if it is not here. */
  Optional<StoredLimit> use(byte[] key) {
    int slot = slotOf(key);
    if (slot == SlotTable.NONE) {
      return Optional.empty();
    }
    cells.setFlags(slot, cells.flags(slot) | USED_LATELY);
    return Optional.of(cells.row(slot));
  }

  /** The row of a key, which changes nothing; empty if it is not here. For any holder of a lock. */
  Optional<StoredLimit> look(byte[] key) {
    int slot = find(key);
    return slot == SlotTable.NONE ? Optional.empty() : Optional.of(cells.row(slot));
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
    }
    long flags = cells.flags(slot);
    if ((newFlags & DIRTY & ~flags) != 0) {
      dirtySlots = added(dirtySlots, dirtyCount++, slot);
    }
    cells.setFlags(slot, (flags & (DIRTY | AHEAD)) | newFlags);
    cells.setRow(slot, row);
  }

  /** Forgets a row, whatever became of it. */
  void remove(byte[] key) {
    int slot = find(key);
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
    int slot = find(key);
    if (slot == SlotTable.NONE) {
      return true;
    }
    if ((cells.flags(slot) & (DIRTY | AHEAD)) != 0) {
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
      if ((cells.flags(idleHand) & (AHEAD | DIRTY)) == AHEAD
          && cells.lastMillis(idleHand) <= horizonMillis
          && cells.row(idleHand).idleFromMillis() <= horizonMillis) {
        idle.add(cells.key(idleHand));
      }
    }
    return idle;
  }

  /** Each row of an identifier, known by the beginning that their keys share. */
  List<Entry> rowsOf(byte[] rowPrefix) {
    int hash = table.hash(rowPrefix, rowPrefix.length);
    List<Entry> rows = new ArrayList<>();
    for (int slot = 0; slot < usedSlots; slot++) {
      if (identifierHashes[slot] == hash && !cells.isFree(slot)) {
        byte[] key = cells.key(slot);
        if (key.length >= rowPrefix.length
            && Arrays.equals(rowPrefix, 0, rowPrefix.length, key, 0, rowPrefix.length)) {
          rows.add(entry(slot));
        }
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
      cells.setFlags(dirtySlots[i], cells.flags(dirtySlots[i]) & ~DIRTY);
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
      long flags = cells.flags(writingHand);
      if ((flags & (AHEAD | DIRTY)) == AHEAD) {
        cells.setFlags(writingHand, flags & ~AHEAD);
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
      long flags = cells.flags(hand);
      if (cells.isFree(hand) || (flags & (DIRTY | CHOSEN)) != 0) {
        continue;
      }
      if ((flags & USED_LATELY) != 0) {
        cells.setFlags(hand, flags & ~USED_LATELY);
        continue;
      }
      cells.setFlags(hand, flags | CHOSEN);
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
    return cells.limits() > MOST_LIMITS || (usedSlots > MANY_SLOTS && usedSlots / 4 > size);
  }

  // Slots.

  private int newSlot(byte[] key) {
    if (freeCount == 0 && usedSlots == identifierHashes.length) {
      int slots = Math.multiplyExact(2, usedSlots);
      table.grow(slots);
      identifierHashes = Arrays.copyOf(identifierHashes, slots);
    }
    int slot = freeCount > 0 ? freeSlots[--freeCount] : usedSlots++;
    cells.ensure(slot);
    cells.setKey(slot, key);
    identifierHashes[slot] = table.hash(key, identifierLength(key));
    table.add(slot, key);
    size++;
    lastKey = key;
    lastSlot = slot;
    return slot;
  }

  private void free(int slot) {
    if ((cells.flags(slot) & DIRTY) != 0) {
      forgetDirty(slot);
    }
    table.remove(slot);
    cells.free(slot);
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

  private Entry entry(int slot) {
    return new Entry(Bytes.wrap(cells.key(slot)), cells.row(slot));
  }

  private int slotOf(byte[] key) {
    if (key == lastKey) {
      return lastSlot;
    }
    int slot = find(key);
    if (slot != SlotTable.NONE) {
      lastKey = key;
      lastSlot = slot;
    }
    return slot;
  }

  private int find(byte[] key) {
    return table.find(key, keys);
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
}
