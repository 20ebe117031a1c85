package io.weir.benchmarks.pipeline;

/**
 * Does something once, however often it is closed. Thread-safe: whoever closes it second waits
 * until it is done.
 */
final class Once implements AutoCloseable {
  private final Runnable action;
  private boolean begun;

  /** Something to do. */
  Once(Runnable action) {
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
