package io.weir.streams.cli;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Says that something is being waited for, where that takes longer than usual, until it is over.
 */
final class WaitNotice implements AutoCloseable {
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "weir-wait-notice");
            thread.setDaemon(true);
            return thread;
          });

  /** A notice that is given once, after so long. */
  WaitNotice(Duration first, Runnable notice) {
    ScheduledFuture<?> unused = executor.schedule(notice, first.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * A notice.
   *
   * @param first the wait before it is given
   * @param again the time until it is given again
   */
  WaitNotice(Duration first, Duration again, Runnable notice) {
    ScheduledFuture<?> unused =
        executor.scheduleAtFixedRate(
            notice, first.toNanos(), again.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
