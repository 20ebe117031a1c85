package io.weir.streams.store;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the expiry of all partitions of a process has in common: who looks through the rows, and the
 * time that deleting may take. Thread-safe.
 *
 * <p>A stream thread with many partitions takes the steps of all of them in a row, so their time is
 * one, and each partition that has rows to delete gets an equal share. (One for all threads, too,
 * so that with several each thread takes less.)
 */
public final class ExpiryShares {
  private final Executor scans;
  private final AtomicInteger deleting = new AtomicInteger();

  /** Shares, and who looks through rows. */
  public ExpiryShares(Executor scans) {
    this.scans = scans;
  }

  /** As the application has it: rows are looked through in the background. */
  public static ExpiryShares inBackground() {
    return new ExpiryShares(ScanThread.create());
  }

  /** Rows are looked through by whoever takes the step, for tests: each one is done at its end. */
  public static ExpiryShares onCallersThread() {
    return new ExpiryShares(Runnable::run);
  }

  void scan(IdleScan scan) {
    scans.execute(scan);
  }

  /** One partition more has rows to delete. */
  void take() {
    deleting.incrementAndGet();
  }

  /** One fewer has. */
  void giveBack() {
    deleting.decrementAndGet();
  }

  /** What one partition may take of so much time. */
  long share(long nanos) {
    return nanos / Math.max(1, deleting.get());
  }
}
