package io.weir.benchmarks.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A loop of consume and produce on each thread, in one group. */
final class RawPipe implements Pipe {
  private static final long START_SECONDS = 60;
  private static final long CLOSE_MILLIS = 30_000;

  private final AtomicLong processed = new AtomicLong();
  private final CountDownLatch assigned;
  private final List<RawLoop> loops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile String failure = "";

  RawPipe(AppSpec spec) {
    this.assigned = new CountDownLatch(spec.threads());
    for (int i = 0; i < spec.threads(); i++) {
      RawLoop loop = new RawLoop(spec, i, processed, assigned::countDown);
      loops.add(loop);
      threads.add(new Thread(() -> run(loop), "raw-" + i));
    }
  }

  @Override
  public void start() throws InterruptedException {
    threads.forEach(Thread::start);
    if (!assigned.await(START_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no partitions within " + START_SECONDS + " s " + failure);
    }
  }

  @Override
  public long processed() {
    if (!failure.isEmpty()) {
      throw new IllegalStateException("a loop failed: " + failure);
    }
    return processed.get();
  }

  @Override
  public void finish() {
    loops.forEach(RawLoop::stop);
  }

  @Override
  public PipeStats stats() {
    return PipeStats.ofSent(processed.get());
  }

  @Override
  public void close() {
    finish();
    for (Thread thread : threads) {
      try {
        thread.join(CLOSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run(RawLoop loop) {
    try {
      loop.run();
    } catch (RuntimeException e) {
      failure = String.valueOf(e);
    }
  }
}
