package io.weir.streams.store;

import io.weir.limiter.rule.KeyText;
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
 * <p><b>Who looks and who deletes.</b> A pass walks the rows in key order. They are looked through
 * in the background, some at a time, and what is idle is handed over; a step deletes of that what
 * its time allows. So it reads no row: what was written since the background began to look is
 * remembered by the store, and stays. Only the task's thread deletes, because what it writes must
 * belong to its transaction.
 *
 * <p>Rows in memory are looked at by the step itself, a bounded number: that reads no disk.
 *
 * <p><b>How fast.</b> Steps take so small a part of the thread's time that requests hardly notice.
 * If during a pass more rows are made than deleted, a step may take {@linkplain
 * ExpirySettings#floodTime longer}, until as many went as came: a flood of new identifiers does not
 * make the store grow without end.
 *
 * <p><b>Where it goes on.</b> A scan ends before a row that stays for the time being, and the next
 * begins there: so it finds a row where it looks for one, and not what many deleted rows have left,
 * which RocksDB would skip while it holds up the task's thread. A pass that takes more than one
 * scan writes now and then where it is, so that the next owner of the partition goes on from there.
 * When a pass is through, the next one waits until the first of the rows that are left, or that
 * were written since, can be idle.
 */
public final class Expiry implements AutoCloseable {
  /** Rows between two looks at the clock: about a tenth of a millisecond. */
  private static final int CHUNK_ROWS = 32;

  private static final long CURSOR_INTERVAL_NANOS = 5_000_000_000L;

  private final ExpiringRows rows;
  private final ExpirySettings settings;
  private final ExpiryShares shares;
  private final LongSupplier nanoClock;

  private boolean isUnderWay;

  /** Whether the pass began before all rows. */
  private boolean isWhole;

  /** Where the next scan begins; empty until it is known where expiry was before. */
  private Optional<KeyText> cursor = Optional.empty();

  private Optional<KeyText> cursorWritten = Optional.empty();
  private long cursorWrittenNanos;
  private Optional<IdleScan> scan = Optional.empty();
  private Optional<Batch> batch = Optional.empty();
  // No row is idle before: of all rows once a pass is through, of those seen so far during it.
  private long earliestIdleMillis = Long.MIN_VALUE;
  private long owedRows;
  private int scannedRows;

  /**
   * Expiry over one store, from where it was.
   *
   * @param nanoClock measures the length of a step, as {@link System#nanoTime} does
   */
  public Expiry(
      ExpiringRows rows, ExpirySettings settings, ExpiryShares shares, LongSupplier nanoClock) {
    this.rows = rows;
    this.settings = settings;
    this.shares = shares;
    this.nanoClock = nanoClock;
  }

  /**
   * Forgets some idle rows, if any are known, or has them looked for.
   *
   * @param horizonMillis the earliest time that any later request is judged at, in milliseconds
   *     since the epoch
   * @return the number of rows forgotten
   */
  public int step(long horizonMillis) {
    return rows.deleteIdleInMemory(horizonMillis) + deleteFound(horizonMillis);
  }

  private int deleteFound(long horizonMillis) {
    earliestIdleMillis = Math.min(earliestIdleMillis, rows.takeEarliestIdleMillis());
    long absent = rows.takeAbsent();
    if (!isUnderWay) {
      if (horizonMillis < earliestIdleMillis) {
        return 0;
      }
      isUnderWay = true;
      isWhole = true;
      rows.beginPass();
      earliestIdleMillis = Long.MAX_VALUE;
      owedRows = 0;
    } else {
      owedRows = Math.min(owedRows + absent, settings.maxRows());
    }
    if (scan.isEmpty()) {
      IdleScan asked = new IdleScan(rows, cursor, horizonMillis, settings.maxRows());
      scan = Optional.of(asked);
      rows.watchWrites(); // Before it begins.
      shares.scan(asked);
    }
    if (batch.isEmpty()) {
      batch = scan.get().found().map(this::begin);
    }
    return batch.map(this::deleteOf).orElse(0);
  }

  /** Whether there is more to do, so that the next step should come soon. */
  public boolean isUnderWay() {
    return isUnderWay;
  }

  /** How many rows were looked at since this was asked last. */
  public int takeScanned() {
    int taken = scannedRows;
    scannedRows = 0;
    return taken;
  }

  /** Ends it; what is being looked for nobody will hear. */
  @Override
  public void close() {
    scan.ifPresent(IdleScan::stop);
    scan = Optional.empty();
    batch.ifPresent(given -> shares.giveBack());
    batch = Optional.empty();
  }

  private Batch begin(IdleScan.Found found) {
    shares.take();
    scannedRows += found.visited();
    if (found.cursor().isPresent()) {
      cursorWritten = found.cursor();
      cursorWrittenNanos = nanoClock.getAsLong();
      if (!cursorWritten.get().equals(IdleScan.BEGINNING)) {
        earliestIdleMillis = Long.MIN_VALUE; // Nobody knows any more of the rows before it.
        isWhole = false;
      }
    }
    rows.seenByPass(found.keyHashes());
    return new Batch(found);
  }

  private int deleteOf(Batch given) {
    int deleted = given.deleteSome();
    owedRows = Math.max(0, owedRows - deleted);
    if (given.isDone()) {
      end(given);
    }
    return deleted;
  }

  private void end(Batch done) {
    shares.giveBack();
    earliestIdleMillis = Math.min(earliestIdleMillis, done.found.earliestIdleMillis());
    if (done.hasKeptSome) {
      earliestIdleMillis = Math.min(earliestIdleMillis, scan.orElseThrow().horizonMillis());
    }
    batch = Optional.empty();
    scan = Optional.empty();
    isUnderWay = done.found.next().isPresent();
    if (!isUnderWay && isWhole) {
      rows.endPass();
    }
    KeyText next = done.found.next().orElse(IdleScan.BEGINNING);
    cursor = Optional.of(next);
    if (isCursorToBeWritten()) {
      rows.writeExpiryCursor(cursorWritten, next);
      cursorWritten = cursor;
      cursorWrittenNanos = nanoClock.getAsLong();
    }
  }

  /** Now and then, at the end of a pass, and never by passes of a single scan. */
  private boolean isCursorToBeWritten() {
    if (cursorWritten.isEmpty()) {
      return isUnderWay;
    }
    return !cursorWritten.equals(cursor)
        && (!isUnderWay || nanoClock.getAsLong() - cursorWrittenNanos >= CURSOR_INTERVAL_NANOS);
  }

  /** Idle rows that were found, on their way out. */
  private final class Batch {
    private final IdleScan.Found found;
    private int done;
    private boolean hasKeptSome;

    Batch(IdleScan.Found found) {
      this.found = found;
    }

    boolean isDone() {
      return done == found.keys().size();
    }

    /** Until they are gone, or the time is up. */
    int deleteSome() {
      if (isDone()) {
        return 0;
      }
      long startNanos = nanoClock.getAsLong();
      long stepNanos = shares.share(settings.maxTime().toNanos());
      long floodNanos = shares.share(settings.floodTime().toNanos());
      int deleted = 0;
      long allowedNanos;
      do {
        int end = Math.min(done + CHUNK_ROWS, found.keys().size());
        List<KeyText> chunk = found.keys().subList(done, end);
        int gone = rows.deleteUnwritten(chunk);
        hasKeptSome |= gone < chunk.size();
        deleted += gone;
        done = end;
        allowedNanos = deleted < owedRows ? floodNanos : stepNanos;
      } while (!isDone() && nanoClock.getAsLong() - startNanos < allowedNanos);
      return deleted;
    }
  }
}
