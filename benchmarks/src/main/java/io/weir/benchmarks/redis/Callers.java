package io.weir.benchmarks.redis;

import io.weir.benchmarks.redis.Checks.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;

/** Threads that check: as fast as it goes, or as checks fall due. */
final class Callers {
  /** Enough that a check which is due seldom waits for a thread, be it through a stall. */
  private static final int PACED_THREADS = 32;

  private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LOOK_MILLIS = 100;

  private final Checks checks;
  private final Users users;
  private final DoubleConsumer progress;

  Callers(Checks checks, Users users, DoubleConsumer progress) {
    this.checks = checks;
    this.users = users;
    this.progress = progress;
  }

  /** A closed loop: each thread checks again as soon as it has its answer. */
  LoopResult loop(RedisTask.Loop task) throws InterruptedException {
    long startNanos = System.nanoTime() + HEAD_START_NANOS;
    long endNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(task.millis());
    List<CallerRun> runs =
        run(
            task.callers(),
            task.seed(),
            startNanos,
            endNanos,
            (user, run) -> {
              sleepUntil(startNanos);
              long before = System.nanoTime();
              do {
                Answer answer = checks.check(user.get());
                long now = System.nanoTime();
                run.add(answer, now - before, now);
                before = now;
              } while (before - endNanos < 0);
            });
    return CallerRun.all(runs).loopResult(startNanos);
  }

  /**
   * An open loop: checks fall due at even intervals, and the next thread that is free takes the
   * next one. A stall counts for all checks that were due meanwhile.
   */
  PaceResult pace(RedisTask.Pace task) throws InterruptedException {
    int count = Math.toIntExact(Math.max(1, task.perSecond() * task.millis() / 1000));
    double gapNanos = 1e9 / task.perSecond();
    long startNanos = System.nanoTime() + HEAD_START_NANOS;
    AtomicInteger next = new AtomicInteger();
    List<CallerRun> runs =
        run(
            Math.min(PACED_THREADS, count),
            task.seed(),
            startNanos,
            startNanos + (long) (count * gapNanos),
            (user, run) -> {
              for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                long dueNanos = startNanos + (long) (i * gapNanos);
                run.addStartLag(sleepUntil(dueNanos) - dueNanos);
                Answer answer = checks.check(user.get());
                long now = System.nanoTime();
                run.add(answer, now - dueNanos, now);
              }
            });
    return CallerRun.all(runs).paceResult();
  }

  /** What one thread does. */
  private interface Caller {
    void call(Supplier<String> user, CallerRun run);
  }

  private List<CallerRun> run(int threads, long seed, long startNanos, long endNanos, Caller caller)
      throws InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<CallerRun>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Supplier<String> user = users.random(seed * 1_000_003 + i);
        running.add(
            executor.submit(
                () -> {
                  CallerRun run = new CallerRun();
                  caller.call(user, run);
                  return run;
                }));
      }
      List<CallerRun> runs = new ArrayList<>();
      for (Future<CallerRun> each : running) {
        runs.add(await(each, startNanos, endNanos));
      }
      return runs;
    } finally {
      executor.shutdownNow();
    }
  }

  private CallerRun await(Future<CallerRun> run, long startNanos, long endNanos)
      throws InterruptedException {
    while (true) {
      try {
        return run.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        double share = (System.nanoTime() - startNanos) / (double) (endNanos - startNanos);
        progress.accept(Math.max(0, Math.min(1, share)));
      } catch (ExecutionException e) {
        throw new IllegalStateException("a check failed: " + e.getCause(), e);
      }
    }
  }

  /** The time when it is through. */
  private static long sleepUntil(long dueNanos) {
    long now = System.nanoTime();
    while (now - dueNanos < 0) {
      LockSupport.parkNanos(dueNanos - now);
      now = System.nanoTime();
    }
    return now;
  }
}
