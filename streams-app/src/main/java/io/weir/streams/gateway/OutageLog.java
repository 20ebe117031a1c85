package io.weir.streams.gateway;

import io.weir.streams.topology.DecidedRequest;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that decisions are made without Redis, and that they are made with it again: at the first
 * one, and then once in a while. Thread-safe.
 */
public final class OutageLog implements DecisionListener {
  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private volatile boolean degraded;
  private long saidNanos;
  private long without;

  /**
   * A log.
   *
   * @param nanoTime {@link System#nanoTime()}
   */
  public OutageLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public void decided(DecidedRequest decided) {
    if (decided.decision().degraded()) {
      decidedWithout(decided.decision().message().orElse("it does not answer"));
    } else if (degraded && !decided.decision().statuses().isEmpty()) {
      decidedWith();
    }
  }

  private synchronized void decidedWithout(String why) {
    without++;
    long now = nanoTime.getAsLong();
    if (!degraded || now - saidNanos >= BETWEEN_LINES.toNanos()) {
      LOG.warn("Decided without Redis: {} since the last line; {}", without, why);
      degraded = true;
      saidNanos = now;
      without = 0;
    }
  }

  /** Where some decisions are made with Redis and some without, one line in a while is enough. */
  private synchronized void decidedWith() {
    long now = nanoTime.getAsLong();
    if (degraded && (without == 0 || now - saidNanos >= BETWEEN_LINES.toNanos())) {
      degraded = false;
      without = 0;
      LOG.info("Decided with Redis again");
    }
  }
}
