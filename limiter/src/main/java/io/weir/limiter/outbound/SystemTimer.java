package io.weir.limiter.outbound;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A timer on one daemon thread, which exists only while something is scheduled. Limiters that are
 * given none have one each; one can serve many. Thread-safe.
 */
public final class SystemTimer implements OutboundTimer, AutoCloseable {
  private static final long IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor executor;

  /**
   * A timer.
   *
   * @param threadName what its thread is called
   */
  public SystemTimer(String threadName) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, threadName);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public Scheduled schedule(Runnable task, Duration delay) {
    Future<?> scheduled = executor.schedule(task, Times.nanos(delay), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  /** Forgets what is scheduled. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
