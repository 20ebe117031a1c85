package io.weir.streams.cli.dev;

import java.time.Duration;

/** Notices that requests go on and decisions do not. Not thread-safe. */
final class StallWatch {
  private final Duration patience;
  private long sinceNanos;
  private long decisions;

  /**
   * A watch that begins.
   *
   * @param patience how long requests may wait for a decision while none comes at all
   */
  StallWatch(Duration patience, long nowNanos) {
    this.patience = patience;
    this.sinceNanos = nowNanos;
  }

  /**
   * Whether decisions are overdue.
   *
   * @param askedSoFar requests, those among them that no broker has acknowledged
   * @param decidedSoFar decisions on them
   */
  boolean isStalled(long askedSoFar, long decidedSoFar, long nowNanos) {
    if (decidedSoFar != decisions || decidedSoFar >= askedSoFar) {
      decisions = decidedSoFar;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos >= patience.toNanos();
  }
}
