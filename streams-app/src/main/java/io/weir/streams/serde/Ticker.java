package io.weir.streams.serde;

import java.util.concurrent.TimeUnit;

/** Time that passes while a registry is waited for; tests bring their own. */
interface Ticker {

  /** Nanoseconds from some fixed point. */
  long nanos();

  /** Waits. */
  void sleepMillis(long millis) throws InterruptedException;

  /** The machine's time. */
  static Ticker system() {
    return new Ticker() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void sleepMillis(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
      }
    };
  }
}
