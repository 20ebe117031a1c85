package io.weir.limiter.outbound;

import java.time.InstantSource;

/**
 * The time since it was made, by a clock that may be set back: then it goes on from where it was,
 * so that nothing that was waited for is waited for again, and nothing is granted twice. What is
 * lost is the time between the two looks at the clock between which it was set. Not thread-safe.
 */
final class SteadyTime {
  private final InstantSource clock;
  private long lastReadMillis;
  private long nowMillis;

  SteadyTime(InstantSource clock) {
    this.clock = clock;
    this.lastReadMillis = clock.millis();
  }

  /** The time when the clock was looked at last. */
  long lastMillis() {
    return nowMillis;
  }

  /** Milliseconds since it was made; never less than before. */
  long millis() {
    long readMillis = clock.millis();
    nowMillis += Math.max(0, readMillis - lastReadMillis);
    lastReadMillis = readMillis;
    return nowMillis;
  }
}
