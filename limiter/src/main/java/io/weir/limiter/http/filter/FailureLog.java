package io.weir.limiter.http.filter;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Counts failures, and logs one a minute at most. Thread-safe. */
final class FailureLog {
  private static final System.Logger LOG = System.getLogger(RequestLimits.class.getName());
  private static final long PERIOD_MILLIS = Duration.ofMinutes(1).toMillis();

  private final String what;
  private final InstantSource clock;
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong loggedAtMillis = new AtomicLong(Long.MIN_VALUE);

  /**
   * A log of one kind of failures.
   *
   * @param what what happened, as the beginning of a sentence
   */
  FailureLog(String what, InstantSource clock) {
    this.what = what;
    this.clock = clock;
  }

  void add(Throwable failure, String consequence) {
    long count = failures.incrementAndGet();
    long nowMillis = clock.millis();
    long lastMillis = loggedAtMillis.get();
    boolean due = lastMillis == Long.MIN_VALUE || nowMillis - lastMillis >= PERIOD_MILLIS;
    if (due && loggedAtMillis.compareAndSet(lastMillis, nowMillis)) {
      LOG.log(
          System.Logger.Level.WARNING,
          what
              + ", and "
              + consequence
              + "; "
              + count
              + " such failures so far. Others of the next minute are only counted.",
          failure);
    }
  }

  long failures() {
    return failures.get();
  }
}
