package io.weir.streams.gateway;

import io.weir.limiter.Decision;
import io.weir.limiter.redis.OutageNotes;
import io.weir.streams.topology.DecidedRequest;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that decisions are made without Redis, and that they are made with it again, as often as
 * {@link OutageNotes} finds right. Thread-safe.
 */
public final class OutageLog implements DecisionListener {
  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

  private final OutageNotes notes;

  /**
   * A log.
   *
   * @param who decides, as its lines begin: {@code The gateway}
   * @param nanoTime {@link System#nanoTime()}
   */
  public OutageLog(String who, LongSupplier nanoTime) {
    this.notes = new OutageNotes(who, nanoTime);
  }

  @Override
  public void decided(DecidedRequest decided) {
    decided(decided.decision());
  }

  /** Takes note of a decision. */
  public void decided(Decision decision) {
    notes
        .decided(decision)
        .ifPresent(
            note -> {
              if (note.isAway()) {
                LOG.warn(note.text());
              } else {
                LOG.info(note.text());
              }
            });
  }
}
