package io.weir.limiter.tck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told otherwise. Thread-safe. */
public final class FakeClock implements InstantSource {
  private final AtomicLong nowMillis;

  /** A clock that shows the given time, in milliseconds since the epoch. */
  public FakeClock(long nowMillis) {
    this.nowMillis = new AtomicLong(nowMillis);
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return nowMillis.get();
  }

  /** Sets the clock, back as well, in milliseconds since the epoch. */
  public void set(long newMillis) {
    nowMillis.set(newMillis);
  }

  /** Moves the clock; back if the duration is negative. */
  public void advance(Duration duration) {
    nowMillis.addAndGet(duration.toMillis());
  }
}
