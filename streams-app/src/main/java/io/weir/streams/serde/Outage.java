package io.weir.streams.serde;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of a registry that is down without flooding it: a warning at the first failure,
 * then at most one each half minute, and one line when it is back. Thread-safe.
 */
public final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Ticker ticker;
  private boolean down;
  private long downSinceNanos;
  private long warnedAtNanos;

  Outage(Ticker ticker) {
    this.ticker = ticker;
  }

  /** Notes a failed round. */
  synchronized void failed(String what) {
    long now = ticker.nanos();
    if (!down) {
      down = true;
      downSinceNanos = now;
      warnedAtNanos = now;
      LOG.warn("schema registry unavailable: {}; trying again, records wait", what);
    } else if (now - warnedAtNanos >= REPEAT_NANOS) {
      warnedAtNanos = now;
      LOG.warn("schema registry unavailable for {} s: {}", secondsSince(now), what);
    }
  }

  /** Notes an answer. */
  synchronized void answered() {
    if (down) {
      down = false;
      LOG.info("schema registry answers again after {} s", secondsSince(ticker.nanos()));
    }
  }

  private long secondsSince(long nowNanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nowNanos - downSinceNanos);
  }
}
