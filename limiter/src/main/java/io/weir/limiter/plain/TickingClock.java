package io.weir.limiter.plain;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock that a thread sets every millisecond, so that asking it costs next to nothing; asking the
 * system for the time is most of what {@link PlainLimiter#tryAcquire()} costs. It shows what the
 * system's clock showed a millisecond ago or less, and more while its thread gets no processor:
 * then tokens come back that much later. Limiters can share one.
 *
 * <p>Thread-safe. The thread is a daemon and ends with {@link #close()}; afterwards the clock asks
 * the system each time.
 */
public final class TickingClock implements InstantSource, AutoCloseable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final InstantSource source;
  private final Thread ticker = new Thread(this::tick, "weir-ticking-clock");
  private volatile long millis;
  private volatile boolean ticking = true;

  private TickingClock(InstantSource source) {
    this.source = source;
    this.millis = source.millis();
    ticker.setDaemon(true);
  }

  /** Starts a clock that goes with the system's. */
  public static TickingClock start() {
    return start(InstantSource.system());
  }

  /** Starts a clock that goes with another one, which must be thread-safe. */
  public static TickingClock start(InstantSource source) {
    TickingClock clock = new TickingClock(source);
    clock.ticker.start();
    return clock;
  }

  private void tick() {
    while (ticking) {
      millis = source.millis();
      LockSupport.parkNanos(this, TICK_NANOS);
    }
  }

  @Override
  public long millis() {
    return ticking ? millis : source.millis();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  /** Ends the thread. */
  @Override
  public void close() {
    ticking = false;
    LockSupport.unpark(ticker);
  }
}
