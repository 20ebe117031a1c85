package io.weir.benchmarks;

import io.github.resilience4j.ratelimiter.RateLimiter;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The shape that Resilience4j measures itself by (resilience4j-ratelimiter, RateLimiterBenchmark):
 * two threads call a supplier that does next to nothing, behind one limiter that never runs dry.
 */
@Threads(2)
public class Resilience4jShape extends AverageTime {
  private SemaphoreBasedRateLimiter semaphore;
  private Supplier<String> semaphoreGuarded;
  private Supplier<String> atomicGuarded;
  private Supplier<String> windowGuarded;
  private Supplier<String> bucketGuarded;
  private TickingClock clock;
  private Supplier<String> tickingGuarded;

  /** Limiters without end. */
  @Setup
  public void start() {
    RateLimiterConfig config =
        RateLimiterConfig.custom()
            .limitForPeriod(Integer.MAX_VALUE)
            .limitRefreshPeriod(Duration.ofNanos(10))
            .timeoutDuration(Duration.ofSeconds(5))
            .build();
    Supplier<String> supplier =
        () -> {
          Blackhole.consumeCPU(1);
          return "done";
        };
    semaphore = new SemaphoreBasedRateLimiter("semaphore", config);
    semaphoreGuarded = RateLimiter.decorateSupplier(semaphore, supplier);
    atomicGuarded = RateLimiter.decorateSupplier(new AtomicRateLimiter("atomic", config), supplier);
    Duration period = Duration.ofMillis(1);
    windowGuarded =
        Guarded.by(PlainLimiter.of(Limit.fixedWindow(Integer.MAX_VALUE, period)), supplier);
    bucketGuarded =
        Guarded.by(PlainLimiter.of(Limit.tokenBucket(Integer.MAX_VALUE, period)), supplier);
    clock = TickingClock.start();
    tickingGuarded =
        Guarded.by(PlainLimiter.of(Limit.fixedWindow(Integer.MAX_VALUE, period), clock), supplier);
  }

  /** Ends what refills the semaphore, and what sets the clock. */
  @TearDown
  public void stop() {
    semaphore.shutdown();
    clock.close();
  }

  /** Resilience4j on a semaphore, which a thread refills every ten nanoseconds, or tries to. */
  @Benchmark
  public String semaphoreBased() {
    return semaphoreGuarded.get();
  }

  /** Resilience4j as it comes. */
  @Benchmark
  public String atomic() {
    return atomicGuarded.get();
  }

  /** Weir's nearest counterpart of its cycles. */
  @Benchmark
  public String weirFixedWindow() {
    return windowGuarded.get();
  }

  /** Weir's counterpart of the semaphore: it reads no clock, either, but what a thread has set. */
  @Benchmark
  public String weirTicking() {
    return tickingGuarded.get();
  }

  /** Weir's token bucket. */
  @Benchmark
  public String weirTokenBucket() {
    return bucketGuarded.get();
  }
}
