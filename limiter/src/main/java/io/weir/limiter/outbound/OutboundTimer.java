package io.weir.limiter.outbound;

import java.time.Duration;

/**
 * Runs something later, once. Thread-safe. {@link SystemTimer} is the one for production.
 *
 * <p>Limiters call it while they hold their lock: {@code schedule} and {@code cancel} return at
 * once, and the task runs neither inside them nor before the delay is over.
 */
@FunctionalInterface
public interface OutboundTimer {

  /**
   * Runs a task after a delay, on a thread of the timer's own. The tasks that limiters give are
   * short.
   *
   * @param delay 0 or more
   * @throws java.util.concurrent.RejectedExecutionException if the timer is closed
   */
  Scheduled schedule(Runnable task, Duration delay);

  /** A task that is to run. */
  @FunctionalInterface
  interface Scheduled {

    /** Has it not run, if it did not begin to; calling it again, or later, does nothing. */
    void cancel();
  }
}
