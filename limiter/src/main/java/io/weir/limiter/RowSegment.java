package io.weir.limiter;

import io.weir.limiter.algorithm.StoredLimit;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * A share of the rows of an {@link InMemoryBackend}, with a bound of its own. Whoever uses it holds
 * its monitor.
 *
 * <p>All keys stand in a queue; who writes looks at the first few of them and puts back those that
 * stay. So each row has its turn whatever the size of the table, and a write costs the same after a
 * spike as before.
 */
final class RowSegment {
  /** Keeps the garbage below what is in use: rows come one at a time, and go by up to four. */
  private static final int VISITED_PER_NEW_ROW = 4;

  /** Lets a spike's rows go, too, once only rows that are there already are written. */
  private static final int WRITES_PER_VISIT = 8;

  private static final int VISITED_PER_EVICTION = 16;

  private final long maxRows;
  private final Map<String, StoredLimit> rows = new HashMap<>();
  private final Queue<String> turns = new ArrayDeque<>();
  private int writes;

  /** No rows, and room for so many. */
  RowSegment(long maxRows) {
    this.maxRows = maxRows;
  }

  Optional<StoredLimit> find(String stateKey) {
    return Optional.ofNullable(rows.get(stateKey));
  }

  /**
   * Keeps a row, and drops others that are idle by then, or too many.
   *
   * @param floorMillis the earliest time that can still come
   * @return how many were dropped before their time
   */
  int put(String stateKey, StoredLimit row, long floorMillis) {
    if (rows.put(stateKey, row) == null) {
      turns.add(stateKey);
      visit(VISITED_PER_NEW_ROW, floorMillis);
    } else if (++writes % WRITES_PER_VISIT == 0) {
      visit(1, floorMillis);
    }
    int evicted = 0;
    while (rows.size() > maxRows) {
      evicted += evictOne(floorMillis) ? 1 : 0;
    }
    return evicted;
  }

  /** Drops every row that is idle. */
  void expire(long floorMillis) {
    visit(rows.size(), floorMillis);
  }

  void clear() {
    rows.clear();
    turns.clear();
  }

  int size() {
    return rows.size();
  }

  private void visit(int most, long floorMillis) {
    for (int i = Math.min(most, turns.size()); i > 0; i--) {
      String key = turns.remove();
      if (!isDropped(key, floorMillis)) {
        turns.add(key);
      }
    }
  }

  private boolean isDropped(String key, long floorMillis) {
    if (idleFromMillis(key) > floorMillis) {
      return false;
    }
    rows.remove(key);
    return true;
  }

  /** Drops one row: one that is idle, else of a few the one that would be idle soonest. */
  private boolean evictOne(long floorMillis) {
    String victim = turns.remove();
    for (int i = Math.min(VISITED_PER_EVICTION - 1, turns.size()); i > 0; i--) {
      String next = turns.remove();
      boolean sooner = idleFromMillis(next) < idleFromMillis(victim);
      turns.add(sooner ? victim : next);
      victim = sooner ? next : victim;
    }
    boolean idle = idleFromMillis(victim) <= floorMillis;
    rows.remove(victim);
    return !idle;
  }

  private long idleFromMillis(String key) {
    StoredLimit row = rows.get(key);
    if (row == null) {
      throw new IllegalStateException("no row " + key + ", but a turn");
    }
    return row.idleFromMillis();
  }
}
