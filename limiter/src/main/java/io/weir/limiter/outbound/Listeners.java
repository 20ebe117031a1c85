package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells all listeners, and the log; one that throws keeps nobody from anything. */
final class Listeners implements OutboundListener {
  private static final Logger LOG = System.getLogger(Listeners.class.getName());

  private final List<OutboundListener> all;
  private final Logger log;

  /**
   * Listeners of one object.
   *
   * @param owner the class that logs
   */
  Listeners(List<OutboundListener> all, Class<?> owner) {
    this.all = List.copyOf(all);
    this.log = System.getLogger(owner.getName());
  }

  @Override
  public void onAcquired(String limiter, long tokens, Duration waited) {
    tell(it -> it.onAcquired(limiter, tokens, waited));
  }

  @Override
  public void onWait(OutboundWait wait) {
    log(wait::toString);
    tell(it -> it.onWait(wait));
  }

  @Override
  public void onGivenBack(String limiter, long tokens) {
    log(() -> "'" + limiter + "' has " + tokens + " back of a call that did not begin");
    tell(it -> it.onGivenBack(limiter, tokens));
  }

  @Override
  public void onRejected(String limiter, long tokens, RuntimeException why) {
    log(() -> "'" + limiter + "' rejects " + tokens + ": " + why.getMessage());
    tell(it -> it.onRejected(limiter, tokens, why));
  }

  @Override
  public void onLimitChanged(String limiter, Limit from, Limit to) {
    log(() -> "'" + limiter + "' had " + from + ", has " + to);
    tell(it -> it.onLimitChanged(limiter, from, to));
  }

  @Override
  public void onClosed(String limiter) {
    log(() -> "'" + limiter + "' is closed");
    tell(it -> it.onClosed(limiter));
  }

  private void tell(Consumer<OutboundListener> what) {
    for (OutboundListener listener : all) {
      try {
        what.accept(listener);
      } catch (Throwable e) {
        runSafely(() -> LOG.log(Level.WARNING, "a listener failed: " + listener, e));
      }
    }
  }

  private void log(Supplier<String> text) {
    runSafely(() -> log.log(Level.DEBUG, text));
  }

  /** Runs what must keep nothing that follows from running, and says so if it fails. */
  static void runSafely(Runnable what) {
    try {
      what.run();
    } catch (Throwable e) {
      try {
        LOG.log(Level.WARNING, "what was to be told failed", e);
      } catch (Throwable again) {
        // There is nobody left to tell.
      }
    }
  }
}
