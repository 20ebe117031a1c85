package io.weir.limiter.outbound;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The pauses before further attempts at requests; the end of a client ends them. Thread-safe. */
final class Pauses {
  private final OutboundContext context;
  private final Set<Pause> all = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Pauses(OutboundContext context) {
    this.context = context;
  }

  /** A pause: completes when it is over. */
  private static final class Pause extends KnowingFuture<Void> {}

  /**
   * Begins a pause.
   *
   * @return completes when it is over; exceptionally with the end of the client, or if there is no
   *     timer to end it
   */
  CompletableFuture<Void> begin(Duration pause) {
    Pause over = new Pause();
    all.add(over);
    var unused = over.whenComplete((nothing, failure) -> all.remove(over));
    try {
      var alarm = context.timer().schedule(() -> over.complete(null), pause);
      var unusedToo = over.whenComplete((nothing, failure) -> alarm.cancel());
    } catch (Throwable e) {
      // Closed, or it cannot: nothing would end the pause.
      over.completeExceptionally(e);
    }
    if (closed) {
      // It came while the doors closed: who closes may have looked already.
      over.completeExceptionally(closedException());
    }
    return over;
  }

  /** Begins none any more. */
  void refuse() {
    closed = true;
  }

  /** Ends those that were begun. */
  void endAll() {
    all.forEach(pause -> pause.completeExceptionally(closedException()));
  }

  private IllegalStateException closedException() {
    return new IllegalStateException("'" + context.name() + "' was closed");
  }
}
