package io.weir.limiter.outbound;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * A clock that nobody can set: it showed the system's time when it was made, and goes on by {@link
 * System#nanoTime()}. For spans of time, not for the time of day. Thread-safe.
 */
final class MonotonicClock implements InstantSource {
  private final long startMillis = System.currentTimeMillis();
  private final long startNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    return startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
