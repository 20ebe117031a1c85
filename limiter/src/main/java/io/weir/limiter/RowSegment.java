package io.weir.limiter;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.KeyText;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * A share of the rows of an {@link InMemoryBackend}, with a bound of its own. Whoever uses it holds
 * its monitor.
 *
 * <p>All rows stand in a queue; who writes looks at the first few of them and puts back those that
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
  private final Map<KeyText, Row> rows = new HashMap<>();
  private final Queue<Row> turns = new ArrayDeque<>();
  private int writes;

  /** No rows, and room for so many. */
  RowSegment(long maxRows) {
    this.maxRows = maxRows;
  }

  Optional<StoredLimit> find(KeyText key) {
    Row row = rows.get(key);
    return row == null ? Optional.empty() : Optional.of(row.stored);
  }

  /**
   * Keeps a row, and drops others that are idle by then, or too many.
   *
   * @param floorMillis the earliest time that can still come
   * @return whether a row was dropped before its time
   */
  boolean put(KeyText key, StoredLimit stored, long floorMillis) {
    Row known = rows.get(key);
    if (known != null) {
      known.stored = stored;
      if (++writes % WRITES_PER_VISIT == 0) {
        visit(1, floorMillis);
      }
      return false;
    }
    Row row = new Row(key, stored);
    rows.put(key, row);
    turns.add(row);
    visit(VISITED_PER_NEW_ROW, floorMillis);
    return rows.size() > maxRows && evictOne(floorMillis);
  }

  /** Drops every row that is idle. */
  void expire(long floorMillis) {
    visit(rows.size(), floorMillis);
  }

  /**
   * Drops every row whose key begins so. Takes time in proportion to the segment: resets are rare,
   * and an index of identifiers would cost every row memory and every new one time.
   */
  void removeAll(KeyText keyPrefix) {
    rows.keySet().removeIf(key -> key.startsWith(keyPrefix));
    turns.removeIf(row -> row.key.startsWith(keyPrefix));
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
      Row row = turns.remove();
      if (row.stored.idleFromMillis() > floorMillis) {
        turns.add(row);
      } else {
        rows.remove(row.key);
      }
    }
  }

  /** Drops, of a few rows, the one that is idle soonest; false if it is already. */
  private boolean evictOne(long floorMillis) {
    Row victim = turns.remove();
    for (int i = Math.min(VISITED_PER_EVICTION - 1, turns.size()); i > 0; i--) {
      Row next = turns.remove();
      boolean sooner = next.stored.idleFromMillis() < victim.stored.idleFromMillis();
      turns.add(sooner ? victim : next);
      victim = sooner ? next : victim;
    }
    rows.remove(victim.key);
    return victim.stored.idleFromMillis() > floorMillis;
  }

  /** A row in its place, where the next one is written over it. */
  private static final class Row {
    final KeyText key;
    StoredLimit stored;

    Row(KeyText key, StoredLimit stored) {
      this.key = key;
      this.stored = stored;
    }
  }
}
