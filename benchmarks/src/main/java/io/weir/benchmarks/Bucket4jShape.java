package io.weir.benchmarks;

import com.google.common.util.concurrent.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import io.github.resilience4j.ratelimiter.internal.SemaphoreBasedRateLimiter;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.plain.PlainLimiter;
import io.weir.limiter.plain.TickingClock;
import java.time.Duration;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The shape that Bucket4j measures itself by, Guava and Resilience4j beside it
 * (bucket4j-benchmarks, TryConsumeMostlySuccess): one token, again and again, of one limiter that
 * never runs dry, by 1, 2 and 4 threads.
 */
public class Bucket4jShape extends AverageTime {
  private Bucket lockFree;
  private Bucket locked;
  private RateLimiter guava;
  private SemaphoreBasedRateLimiter semaphore;
  private Supplier<String> semaphoreGuarded;
  private Supplier<String> atomicGuarded;
  private PlainLimiter tokenBucket;
  private PlainLimiter fixedWindow;
  private Supplier<String> weirGuarded;
  private TickingClock clock;
  private PlainLimiter ticking;

  /** Limiters without end. */
  @Setup
  public void start() {
    lockFree = bucket(SynchronizationStrategy.LOCK_FREE);
    locked = bucket(SynchronizationStrategy.SYNCHRONIZED);
    guava = RateLimiter.create(Long.MAX_VALUE / 2.0);
    RateLimiterConfig config =
        RateLimiterConfig.custom()
            .limitForPeriod(Integer.MAX_VALUE / 2)
            .timeoutDuration(Duration.ofNanos(Long.MAX_VALUE / 2))
            .build();
    semaphore = new SemaphoreBasedRateLimiter("semaphore", config);
    semaphoreGuarded =
        io.github.resilience4j.ratelimiter.RateLimiter.decorateSupplier(semaphore, () -> "");
    atomicGuarded =
        io.github.resilience4j.ratelimiter.RateLimiter.decorateSupplier(
            new AtomicRateLimiter("atomic", config), () -> "");
    // A token each nanosecond, as above.
    Limit limit = Limit.tokenBucket(1_000_000, Duration.ofMillis(1)).withBurst(1L << 61);
    tokenBucket = PlainLimiter.of(limit);
    fixedWindow = PlainLimiter.of(Limit.fixedWindow(Integer.MAX_VALUE / 2, Duration.ofMillis(1)));
    weirGuarded = Guarded.by(fixedWindow, () -> "");
    clock = TickingClock.start();
    ticking = PlainLimiter.of(limit, clock);
  }

  private static Bucket bucket(SynchronizationStrategy strategy) {
    long enough = Long.MAX_VALUE / 2;
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(enough).refillGreedy(enough, Duration.ofNanos(enough)))
        .withSynchronizationStrategy(strategy)
        .build();
  }

  /** Ends what refills the semaphore, and what sets the clock. */
  @TearDown
  public void stop() {
    semaphore.shutdown();
    clock.close();
  }

  /** Bucket4j as it comes. */
  @Benchmark
  public boolean bucket4jLockFree() {
    return lockFree.tryConsume(1);
  }

  /** Bucket4j behind a lock. */
  @Benchmark
  public boolean bucket4jSynchronized() {
    return locked.tryConsume(1);
  }

  /** Guava. */
  @Benchmark
  public boolean guava() {
    return guava.tryAcquire();
  }

  /** Resilience4j on a semaphore, which a thread refills: it reads no clock. */
  @Benchmark
  public String resilience4jSemaphore() {
    return semaphoreGuarded.get();
  }

  /** Resilience4j as it comes. */
  @Benchmark
  public String resilience4jAtomic() {
    return atomicGuarded.get();
  }

  /** Weir's counterpart of Bucket4j and Guava. */
  @Benchmark
  public boolean weirTokenBucket() {
    return tokenBucket.tryAcquire();
  }

  /** Weir's nearest counterpart of Resilience4j's cycles. */
  @Benchmark
  public boolean weirFixedWindow() {
    return fixedWindow.tryAcquire();
  }

  /** Weir's counterpart of the semaphore: it reads no clock, either, but what a thread has set. */
  @Benchmark
  public boolean weirTicking() {
    return ticking.tryAcquire();
  }

  /** The fixed window around a supplier, as Resilience4j is measured. */
  @Benchmark
  public String weirGuarded() {
    return weirGuarded.get();
  }
}
