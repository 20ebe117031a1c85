package io.weir.streams.store;

import io.weir.limiter.rule.KeyText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Looks through some rows for idle ones. It runs once, on any thread, and hands over what it found
 * to the task's thread; before that it can be told to stop.
 */
final class IdleScan implements Runnable {
  /** Before all rows. */
  static final KeyText BEGINNING = KeyText.of("");

  private static final int FIRST_HASHES = 256;

  private final ExpiringRows rows;
  private final Optional<KeyText> fromKey;
  private final long horizonMillis;
  private final int maxRows;
  private volatile boolean stopped;
  private volatile Optional<Outcome> outcome = Optional.empty();

  private sealed interface Outcome {}

  private record Failed(Throwable cause) implements Outcome {}

  /**
   * What was found. For one thread.
   *
   * @param cursor where expiry was as it was written, if it was to go on from there
   * @param keys the rows that are idle
   * @param next where to go on; empty if all rows were visited
   * @param visited how many rows were looked at
   * @param earliestIdleMillis when the first of the other rows will be idle
   * @param keyHashes what the rows that are not idle are known by
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them, and lists would box.
  record Found(
      Optional<KeyText> cursor,
      List<KeyText> keys,
      Optional<KeyText> next,
      int visited,
      long earliestIdleMillis,
      long[] keyHashes)
      implements Outcome {}

  /**
   * A scan that is not begun yet.
   *
   * @param fromKey where to begin; empty for where expiry was before the task was here
   * @param horizonMillis what decides nothing from then on is idle
   * @param maxRows how many rows to look at, at most
   */
  IdleScan(ExpiringRows rows, Optional<KeyText> fromKey, long horizonMillis, int maxRows) {
    this.rows = rows;
    this.fromKey = fromKey;
    this.horizonMillis = horizonMillis;
    this.maxRows = maxRows;
  }

  long horizonMillis() {
    return horizonMillis;
  }

  /** Nobody wants to know any more: it ends at the next row. */
  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    if (stopped) {
      return;
    }
    try {
      outcome = Optional.of(scan());
    } catch (RuntimeException | Error e) {
      // Also that the store was closed, which its task's thread then did and asks no more.
      outcome = Optional.of(new Failed(e));
    }
  }

  private Found scan() {
    Optional<KeyText> cursor = fromKey.isEmpty() ? rows.expiryCursor() : Optional.empty();
    Visitor visitor = new Visitor();
    Optional<KeyText> next = rows.scan(fromKey.or(() -> cursor).orElse(BEGINNING), visitor);
    return new Found(
        cursor,
        visitor.keys,
        next,
        visitor.visited,
        visitor.earliestIdleMillis,
        visitor.keyHashes());
  }

  /**
   * What was found; empty while it is not known yet.
   *
   * @throws RuntimeException what made the scan fail
   */
  Optional<Found> found() {
    Optional<Outcome> known = outcome;
    if (known.isPresent() && known.get() instanceof Failed failed) {
      if (failed.cause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failed.cause();
    }
    return known.map(Found.class::cast);
  }

  private final class Visitor implements ExpiringRows.RowVisitor {
    private final List<KeyText> keys = new ArrayList<>();
    private long[] keyHashes = new long[Math.min(maxRows, FIRST_HASHES)];
    private int kept;
    private int visited;
    private long earliestIdleMillis = Long.MAX_VALUE;

    @Override
    public boolean visit(LimitRow row) {
      long idleFromMillis = row.stored().idleFromMillis();
      if (idleFromMillis <= horizonMillis) {
        keys.add(row.key());
      } else {
        earliestIdleMillis = Math.min(earliestIdleMillis, idleFromMillis);
        add(rows.keyHash(row.key()));
      }
      visited++;
      return visited < maxRows && !stopped;
    }

    private void add(long keyHash) {
      if (kept == keyHashes.length) {
        keyHashes = Arrays.copyOf(keyHashes, 2 * kept);
      }
      keyHashes[kept++] = keyHash;
    }

    long[] keyHashes() {
      return Arrays.copyOf(keyHashes, kept);
    }
  }
}
