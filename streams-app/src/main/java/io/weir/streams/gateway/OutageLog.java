package io.weir.streams.gateway;

import io.weir.limiter.Decision;
import io.weir.streams.topology.DecidedRequest;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that decisions are made without Redis, and that they are made with it again: at the first
 * one, and then once in a while. Where it comes and goes there is no line for each. Thread-safe.
 */
public final class OutageLog implements DecisionListener {
  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  /** So long all decisions must be made with Redis before that is said. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final String who;
  private final LongSupplier nanoTime;
  private volatile boolean away;
  private boolean told;
  private long toldNanos;
  private long lastNanos;
  private long without;

  /**
   * A log.
   *
   * @param who decides, as its lines begin: {@code The gateway}
   * @param nanoTime {@link System#nanoTime()}
   */
  public OutageLog(String who, LongSupplier nanoTime) {
    this.who = who;
    this.nanoTime = nanoTime;
    this.toldNanos = nanoTime.getAsLong() - BETWEEN_LINES.toNanos();
  }

  @Override
  public void decided(DecidedRequest decided) {
    decided(decided.decision());
  }

  /** Takes note of a decision. */
  public void decided(Decision decision) {
    if (decision.degraded()) {
      decidedWithout(decision.message().orElse("it does not answer"));
    } else if (away && !decision.statuses().isEmpty()) {
      decidedWith();
    }
  }

  private synchronized void decidedWithout(String why) {
    away = true;
    without++;
    lastNanos = nanoTime.getAsLong();
    if (lastNanos - toldNanos >= BETWEEN_LINES.toNanos()) {
      LOG.warn("{} decided without Redis: {} since the last line; {}", who, without, why);
      told = true;
      toldNanos = lastNanos;
      without = 0;
    }
  }

  /** Where nothing was said of an outage, as another one was told of lately, that is made up. */
  private synchronized void decidedWith() {
    long nowNanos = nanoTime.getAsLong();
    boolean mayTell = told || nowNanos - toldNanos >= BETWEEN_LINES.toNanos();
    if (away && mayTell && nowNanos - lastNanos >= QUIET.toNanos()) {
      LOG.info("{} decides with Redis again; without it {} since the last line", who, without);
      away = false;
      told = false;
      without = 0;
    }
  }
}
