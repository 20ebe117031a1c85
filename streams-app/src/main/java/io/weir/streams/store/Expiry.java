package io.weir.streams.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
 * while storing it would write to the changelog at every tick. When a pass is through and the time
 * did not advance since it began, nothing can have become idle and the next pass waits: a partition
 * without traffic does no work.
 */
public final class Expiry {
  /** Reading the clock for each row would cost as much as the row. */
  private static final int ROWS_BETWEEN_CLOCK_READS = 64;

  private final LimitStore store;
  private final ExpirySettings settings;
  private final LongSupplier nanoClock;
  private Optional<String> cursor = Optional.empty();
  private OptionalLong passHorizonMillis = OptionalLong.empty();

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
    if (cursor.isEmpty()) {
      if (passHorizonMillis.isPresent() && passHorizonMillis.getAsLong() >= horizonMillis) {
        return 0;
      }
      passHorizonMillis = OptionalLong.of(horizonMillis);
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
      if (row.stored().idleFromMillis() <= horizonMillis) {
        stateKeys.add(row.stateKey());
      }
      visited++;
      return visited < settings.maxRows()
          && (visited % ROWS_BETWEEN_CLOCK_READS != 0
              || nanoClock.getAsLong() - startNanos < settings.maxTime().toNanos());
    }
  }
}
