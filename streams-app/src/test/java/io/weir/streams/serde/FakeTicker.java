package io.weir.streams.serde;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Time that passes only where somebody sleeps, or the test says so. */
final class FakeTicker implements Ticker {
  private final List<Long> sleeps = new ArrayList<>();
  private long nanos;
  private Runnable beforeSleep = () -> {};

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public boolean awaitMillis(long millis, StopSignal stop) throws InterruptedException {
    beforeSleep.run();
    if (stop.isGiven()) {
      return true;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    synchronized (this) {
      sleeps.add(millis);
      nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }
    return false;
  }

  /** Runs at the beginning of each sleep. */
  void beforeSleep(Runnable action) {
    beforeSleep = action;
  }

  synchronized void passSeconds(long seconds) {
    nanos += TimeUnit.SECONDS.toNanos(seconds);
  }

  synchronized List<Long> sleeps() {
    return List.copyOf(sleeps);
  }
}
