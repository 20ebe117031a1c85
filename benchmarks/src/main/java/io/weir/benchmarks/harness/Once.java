package io.weir.benchmarks.harness;

/**
 * Does something once, however often it is closed. Thread-safe: whoever closes it second waits
 * until it is done.
 */
public final class Once implements AutoCloseable {
  private final Runnable action;
  private boolean begun;

  /** Something to do. */
  public Once(Runnable action) {
    this.action = action;
  }

  @Override
  public synchronized void close() {
    if (!begun) {
      begun = true;
      action.run();
    }
  }
}
