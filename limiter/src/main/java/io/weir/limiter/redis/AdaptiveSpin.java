package io.weir.limiter.redis;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Lets a thread stay awake a moment for an answer, where that pays: putting a thread to sleep and
 * waking it takes as long as a Redis nearby takes to answer. It pays where one request follows
 * another at once, and some answers lately came in time; who asks now and then does not notice it,
 * and would only use a processor. Few threads do at once, and each offers its processor to whoever
 * else can use it. Thread-safe.
 */
final class AdaptiveSpin {
  /** More would take from Redis, where it is on the same machine, and from each other. */
  private static final int MAX_AWAKE = 6;

  /** Between an answer and the next request, where one follows the other at once. */
  private static final long MAX_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private static final int MAX_CREDIT = 32;

  /** It pays where one answer in five comes in time, as processors do not go to sleep. */
  private static final int CREDIT_IN_TIME = 4;

  /** Without credit, one wait of so many is an attempt to earn some. */
  private static final int ATTEMPT_EVERY = 64;

  private final long limitNanos;
  private final LongSupplier nanoTime;
  private final AtomicInteger awake = new AtomicInteger();
  private final AtomicInteger passed = new AtomicInteger();

  // An update of these that is lost between threads does no harm.

  /** Above 0 where answers lately came in time. */
  private volatile int credit;

  private volatile long answeredNanos;

  /**
   * Spinning.
   *
   * @param limit how long a thread may stay awake; none does where it is zero
   * @param nanoTime {@link System#nanoTime}
   */
  AdaptiveSpin(Duration limit, LongSupplier nanoTime) {
    this.limitNanos = limit.toNanos();
    this.nanoTime = nanoTime;
    this.answeredNanos = nanoTime.getAsLong() - MAX_PAUSE_NANOS;
  }

  /** Returns once there is an answer, or sooner: where there is no point in staying awake. */
  void await(Future<?> answer) {
    if (limitNanos == 0 || answer.isDone()) {
      return;
    }
    long startNanos = nanoTime.getAsLong();
    if (startNanos - answeredNanos >= MAX_PAUSE_NANOS || !hasCredit()) {
      return;
    }
    if (awake.incrementAndGet() > MAX_AWAKE) {
      awake.decrementAndGet();
      return;
    }
    boolean inTime = spin(answer, startNanos);
    awake.decrementAndGet();
    credit = inTime ? Math.min(MAX_CREDIT, credit + CREDIT_IN_TIME) : Math.max(0, credit - 1);
  }

  /** Takes note of an answer, however it was waited for. */
  void answered() {
    answeredNanos = nanoTime.getAsLong();
  }

  private boolean hasCredit() {
    return credit > 0 || passed.incrementAndGet() % ATTEMPT_EVERY == 0;
  }

  // The thread has nothing to do, so it is any other's turn.
  @SuppressWarnings("ThreadPriorityCheck")
  private boolean spin(Future<?> answer, long startNanos) {
    do {
      Thread.yield();
      if (answer.isDone()) {
        return true;
      }
    } while (nanoTime.getAsLong() - startNanos < limitNanos);
    return false;
  }
}
