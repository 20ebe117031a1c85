package io.weir.streams.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Forgets rows that decide nothing any more, a bounded step at a time. For the thread of the task
 * that owns the store.
 *
 * <p>A row goes when, from the given time on, it decides exactly as no row does. Because no request
 * is judged at an earlier time than stream time less the allowed lateness, expiry up to that time
 * cannot be seen in any decision.
 *
 * <p>A pass walks the rows in key order; the cursor is the key to go on from. It is kept in memory
 * only: after a restart the pass starts over, which visits rows again and deletes nothing wrongly,
 * while storing it would write to the changelog at every tick. When a pass is through, the next one
 * waits until the first of the rows that are left, or that were written since, can be idle. Until
 * then a step reads nothing. Kafka Streams takes it for work all the same: a task that has seen a
 * record commits after each step.
 *
 * <p>A step is bounded for one store: a thread with several partitions takes one for each. Its time
 * is looked at between rows, so that skipping what many deleted rows have left, until RocksDB
 * compacts it away, can take longer.
 */
public final class Expiry {
  /** Reading the clock for each row would cost as much as the row. */
  private static final int ROWS_BETWEEN_CLOCK_READS = 64;

  private final LimitStore store;
  private final ExpirySettings settings;
  private final LongSupplier nanoClock;
  private Optional<String> cursor = Optional.empty();
  // No row is idle before: of all rows once a pass is through, of those seen so far during it.
  private long earliestIdleMillis = Long.MIN_VALUE;

  /**
   * Expiry over one store.
   *
   * @param nanoClock measures the length of a step, as {@link System#nanoTime} does
   */
  public Expiry(LimitStore store, ExpirySettings settings, LongSupplier nanoClock) {
    this.store = store;
    this.settings = settings;
    this.nanoClock = nanoClock;
  }

  /**
   * Visits the next rows and forgets those that are idle.
   *
   * @param horizonMillis the earliest time that any later request is judged at, in milliseconds
   *     since the epoch
   * @return the number of rows forgotten
   */
  public int step(long horizonMillis) {
    earliestIdleMillis = Math.min(earliestIdleMillis, store.takeEarliestIdleMillis());
    if (cursor.isEmpty()) {
      if (horizonMillis < earliestIdleMillis) {
        return 0;
      }
      earliestIdleMillis = Long.MAX_VALUE;
    }
    IdleRows idle = new IdleRows(horizonMillis);
    cursor = store.scan(cursor.orElse(""), idle);
    if (!idle.stateKeys.isEmpty()) {
      store.deleteAll(idle.stateKeys);
    }
    return idle.stateKeys.size();
  }

  /** Collects idle rows until the step has been long enough. */
  private final class IdleRows implements LimitStore.RowVisitor {
    private final long horizonMillis;
    private final long startNanos = nanoClock.getAsLong();
    private final List<String> stateKeys = new ArrayList<>();
    private int visited;

    IdleRows(long horizonMillis) {
      this.horizonMillis = horizonMillis;
    }

    @Override
    public boolean visit(LimitRow row) {
      long idleFromMillis = row.stored().idleFromMillis();
      if (idleFromMillis <= horizonMillis) {
        stateKeys.add(row.stateKey());
      } else {
        earliestIdleMillis = Math.min(earliestIdleMillis, idleFromMillis);
      }
      visited++;
      return visited < settings.maxRows()
          && (visited % ROWS_BETWEEN_CLOCK_READS != 0
              || nanoClock.getAsLong() - startNanos < settings.maxTime().toNanos());
    }
  }
}
