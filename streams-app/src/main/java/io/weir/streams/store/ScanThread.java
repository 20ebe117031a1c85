package io.weir.streams.store;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that looks through rows, one batch after the other, for all partitions of a process.
 * It rests three times as long as it worked: a quarter of one core is what it takes, whatever there
 * is to do, and the rest is the stream threads'. It ends when it has nothing to do for a while, and
 * keeps no process alive. Thread-safe.
 */
public final class ScanThread implements Executor {
  private static final int REST_FOR_WORK = 3;
  private static final long MOST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long KEPT_SECONDS = 10;

  private final ThreadPoolExecutor thread;

  private ScanThread(ThreadPoolExecutor thread) {
    this.thread = thread;
  }

  /** A thread that begins when it is needed. */
  public static ScanThread create() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            KEPT_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // Each partition has one scan in it at most.
            work -> {
              Thread thread = new Thread(work, "weir-expiry-scan");
              thread.setDaemon(true);
              return thread;
            });
    one.allowCoreThreadTimeOut(true);
    return new ScanThread(one);
  }

  @Override
  public void execute(Runnable scan) {
    thread.execute(
        () -> {
          long startNanos = System.nanoTime();
          scan.run();
          long workNanos = System.nanoTime() - startNanos;
          LockSupport.parkNanos(Math.min(REST_FOR_WORK * workNanos, MOST_REST_NANOS));
        });
  }
}
