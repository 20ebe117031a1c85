package io.weir.streams.serde;

import java.time.Duration;

/** Time that passes while a registry is waited for; tests bring their own. */
interface Ticker {

  /** Nanoseconds from some fixed point. */
  long nanos();

  /**
   * Waits for a time, or until the application stops.
   *
   * @return whether it stops
   */
  boolean awaitMillis(long millis, StopSignal stop) throws InterruptedException;

  /** The machine's time. */
  static Ticker system() {
    return new Ticker() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public boolean awaitMillis(long millis, StopSignal stop) throws InterruptedException {
        return stop.await(Duration.ofMillis(millis));
      }
    };
  }
}
