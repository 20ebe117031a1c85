package io.weir.limiter.outbound;

import java.util.concurrent.RejectedExecutionException;

/** As many calls wait as may; one more was refused and took nothing. */
public final class OutboundRejectedException extends RejectedExecutionException {
  private static final long serialVersionUID = 1L;

  private final int waiting;

  OutboundRejectedException(String limiter, int waiting) {
    super("'" + limiter + "': " + waiting + " calls wait already, and no more may");
    this.waiting = waiting;
  }

  /** How many waited. */
  public int waiting() {
    return waiting;
  }
}
