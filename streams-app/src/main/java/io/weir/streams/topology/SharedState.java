package io.weir.streams.topology;

import io.weir.limiter.OnceBackend;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * State of limits that is not kept by the tasks, and that others spend from too: in Redis.
 * Thread-safe.
 */
public final class SharedState {
  /**
   * Requests of all tasks together that wait for their decisions; well below what the backend lets
   * wait, since more than that is decided without it.
   */
  private static final int MOST_WAITING = 1_024;

  private final OnceBackend backend;
  private final AtomicInteger waiting = new AtomicInteger();

  /** State that a backend has, which is closed by who made it. */
  public SharedState(OnceBackend backend) {
    this.backend = backend;
  }

  OnceBackend backend() {
    return backend;
  }

  void addWaiting(int more) {
    waiting.addAndGet(more);
  }

  boolean isBusy() {
    return waiting.get() >= MOST_WAITING;
  }
}
