package io.weir.limiter.plain;

import io.weir.limiter.algorithm.Limit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A share of the keys of a {@link KeyedLimiter}, with a bound of its own: a hash table with open
 * addressing and linear probing, whose slots hold the cells themselves.
 *
 * <p>Anyone may look for a key at any time, and can miss one only while others are being moved; who
 * holds the monitor misses none. All else is for who holds the monitor.
 *
 * <p><b>Expiry.</b> Who adds a key looks at a few slots in turn, and so does, once a millisecond at
 * most, who asks for one: dead keys go without a thread of the limiter's own.
 */
final class KeySegment {
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Cell[].class);

  private static final int FIRST_SLOTS = 8;

  /** Keeps the garbage below what is in use: at least a quarter of the slots are taken. */
  private static final int VISITED_PER_NEW_KEY = 16;

  private static final int COMPARED_PER_EVICTION = 16;

  private final Limit limit;
  private final long maxKeys;
  private volatile @Nullable Cell[] slots = new Cell[FIRST_SLOTS];
  private int size;

  /** The slot that is visited next. */
  private int turn;

  /** No keys, and room for so many. */
  KeySegment(Limit limit, long maxKeys) {
    this.limit = limit;
    this.maxKeys = maxKeys;
  }

  /** The cell of a key; null if there is none, or it is just being moved. */
  @Nullable Cell find(int hash, Object key) {
    @Nullable Cell[] table = slots;
    int mask = table.length - 1;
    for (int i = hash & mask; ; i = (i + 1) & mask) {
      Cell cell = (Cell) SLOT.getAcquire(table, i);
      if (cell == null || (cell.hash == hash && cell.key.equals(key))) {
        return cell;
      }
    }
  }

  /**
   * Keeps a cell, whose key is not here yet, and drops others that are idle by then, or too many.
   *
   * @param floorMillis the earliest time that can still come
   * @return whether a key was dropped before its time
   */
  boolean add(Cell cell, long floorMillis) {
    visit(VISITED_PER_NEW_KEY, floorMillis);
    boolean evicted = size == maxKeys && evictOne(floorMillis);
    if (2 * (size + 1) > slots.length) {
      grow();
    }
    put(slots, cell);
    size++;
    return evicted;
  }

  /** Drops what is idle of the next so many slots. */
  void visit(int most, long floorMillis) {
    @Nullable Cell[] table = slots;
    // Each time goes on by a slot or drops a key: so often, all slots have been seen.
    for (int i = Math.min(most, table.length + size); i > 0; i--) {
      turn &= table.length - 1;
      Cell cell = table[turn];
      if (cell != null && cell.dieIfIdle(limit, floorMillis)) {
        // Another one may have been moved here: it is next.
        remove(table, turn);
      } else {
        turn++;
      }
    }
  }

  /** Drops every key that is idle. */
  void expire(long floorMillis) {
    visit(Integer.MAX_VALUE, floorMillis);
  }

  int size() {
    return size;
  }

  /** Drops, of a few keys, the one that is idle soonest; false if it is already. */
  private boolean evictOne(long floorMillis) {
    @Nullable Cell[] table = slots;
    int mask = table.length - 1;
    int victimAt = -1;
    long soonestMillis = Long.MAX_VALUE;
    int compared = 0;
    for (int i = turn & mask;
        compared < Math.min(COMPARED_PER_EVICTION, size);
        i = (i + 1) & mask) {
      Cell cell = table[i];
      if (cell != null) {
        compared++;
        long idleFromMillis = cell.idleFromMillis(limit);
        if (idleFromMillis < soonestMillis) {
          soonestMillis = idleFromMillis;
          victimAt = i;
        }
      }
      turn = i;
    }
    table[victimAt].die();
    remove(table, victimAt);
    return soonestMillis > floorMillis;
  }

  private void grow() {
    @Nullable Cell[] larger = new Cell[2 * slots.length];
    for (Cell cell : slots) {
      if (cell != null) {
        put(larger, cell);
      }
    }
    slots = larger;
  }

  private static void put(@Nullable Cell[] table, Cell cell) {
    int mask = table.length - 1;
    int i = cell.hash & mask;
    while (table[i] != null) {
      i = (i + 1) & mask;
    }
    SLOT.setRelease(table, i, cell);
  }

  /**
   * Empties a slot, and moves those behind it that would not be found any more (Knuth, TAOCP vol.
   * 3, section 6.4, algorithm R).
   */
  private void remove(@Nullable Cell[] table, int slot) {
    int mask = table.length - 1;
    int empty = slot;
    for (int i = (slot + 1) & mask; table[i] != null; i = (i + 1) & mask) {
      Cell cell = table[i];
      int home = cell.hash & mask;
      boolean isFoundBehind = ((i - home) & mask) < ((i - empty) & mask);
      if (!isFoundBehind) {
        SLOT.setRelease(table, empty, cell);
        empty = i;
      }
    }
    SLOT.setRelease(table, empty, null);
    size--;
  }
}
