package io.weir.benchmarks.pipeline;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;

/** One application that works off all requests of a topic, and how fast. */
final class ThroughputRun {
  /** So much of the records comes before the clock starts: joining the group, compiling. */
  private static final double WARM_UP_SHARE = 0.2;

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Pipe pipe;
  private final GroupProgress progress;
  private final DoubleSupplier longestStep;
  private final DoubleConsumer told;

  /**
   * A run that is not started.
   *
   * @param progress what the application has committed
   * @param longestStep the longest step of expiry of late, in milliseconds
   * @param told is told how far it is, from 0 to 1
   */
  ThroughputRun(
      Pipe pipe, GroupProgress progress, DoubleSupplier longestStep, DoubleConsumer told) {
    this.pipe = pipe;
    this.progress = progress;
    this.longestStep = longestStep;
    this.told = told;
  }

  /**
   * Works off all requests, which ends the application.
   *
   * @param requests how many there are on the topic
   * @param recordsPerRequest how many records the application processes for each
   */
  RunResult run(long requests, int recordsPerRequest) throws InterruptedException {
    long total = requests * recordsPerRequest;
    long beginNanos = System.nanoTime();
    pipe.start();
    long readyNanos = System.nanoTime();
    Sampler sampler = new Sampler(pipe::processed, longestStep);
    long warm = await(sampler, (long) (total * WARM_UP_SHARE), total);
    // So few requests that all are through already: then the clock runs from the beginning.
    boolean isTooLate = warm >= total;
    long startNanos = isTooLate ? readyNanos : System.nanoTime();
    long startCpuMillis = ProcessMeters.cpuMillis();
    long startGcMillis = ProcessMeters.gcMillis();
    await(sampler, total, total);
    sampler.look();
    pipe.finish();
    while (!progress.isThrough(requests)) {
      long unused = pipe.processed(); // Which fails where the application has.
      LockSupport.parkNanos(POLL_NANOS);
    }
    long nanos = System.nanoTime() - startNanos;
    double timed = (double) (isTooLate ? total : total - warm) / recordsPerRequest;
    return new RunResult(
        timed * TimeUnit.SECONDS.toNanos(1) / nanos,
        requests,
        (long) timed,
        nanos / 1e6,
        (readyNanos - beginNanos) / 1e6,
        sampler.perInterval(),
        ProcessMeters.cpuMillis() - startCpuMillis,
        ProcessMeters.gcMillis() - startGcMillis,
        sampler.heapMaxBytes(),
        sampler.longestStepMillis(),
        pipe.stats());
  }

  /** Waits until so many are processed; tells how many are. */
  private long await(Sampler sampler, long count, long total) throws InterruptedException {
    long processed = pipe.processed();
    while (processed < count) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      sampler.lookIfDue();
      told.accept((double) processed / total);
      LockSupport.parkNanos(POLL_NANOS);
      processed = pipe.processed();
    }
    return processed;
  }
}
