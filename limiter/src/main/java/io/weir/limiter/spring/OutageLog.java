package io.weir.limiter.spring;

import io.weir.limiter.Decision;
import io.weir.limiter.redis.OutageNotes;
import java.util.function.LongSupplier;

/** Logs that decisions are made without Redis, and that they are made with it again. */
final class OutageLog implements DecisionListener {
  private static final System.Logger LOG = System.getLogger(OutageLog.class.getName());

  private final OutageNotes notes;

  OutageLog(LongSupplier nanoTime) {
    this.notes = new OutageNotes("Weir", nanoTime);
  }

  @Override
  public void onDecision(String domain, Decision decision) {
    notes
        .decided(decision)
        .ifPresent(
            note ->
                LOG.log(
                    note.isAway() ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                    note.text()));
  }
}
