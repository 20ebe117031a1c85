package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.words.Causes;
import java.util.function.LongSupplier;

/**
 * Logs that a limiter decides without Redis, and that it decides with it again: a warning for each
 * outage, whose number of decisions the line at its end tells. Thread-safe.
 */
final class OutageLog {
  private static final System.Logger LOG = System.getLogger(RedisRateLimiter.class.getName());

  private final OutageNotes notes;
  private boolean isTold;

  /**
   * A log.
   *
   * @param who decides, as its lines begin
   * @param nanoTime {@link System#nanoTime()}
   */
  OutageLog(String who, LongSupplier nanoTime) {
    this.notes = new OutageNotes(who, nanoTime);
  }

  /** Redis does not answer at the start. */
  void awayAtStart(ConnectFailure failure) {
    log(notes.awayAtStart(failure + " (" + Causes.root(failure.failure()) + ")"));
  }

  /** Takes note of a decision. */
  void decided(Decision decision) {
    notes.decided(decision).ifPresent(this::log);
  }

  private synchronized void log(OutageNotes.Note note) {
    System.Logger.Level ofOutage = isTold ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
    LOG.log(note.isAway() ? ofOutage : System.Logger.Level.INFO, note.text());
    isTold = note.isAway();
  }
}
