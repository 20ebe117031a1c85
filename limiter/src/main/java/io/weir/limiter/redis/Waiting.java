package io.weir.limiter.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Something to ask of the script, and its answer once there is one. Thread-safe. */
final class Waiting extends CompletableFuture<Found> {
  private final Ask ask;
  private final @Nullable Future<?> purpose;

  Waiting(Ask ask) {
    this.ask = ask;
    this.purpose = null;
  }

  /** Something to ask as long as a purpose is not reached otherwise. */
  Waiting(Ask ask, Future<?> purpose) {
    this.ask = ask;
    this.purpose = purpose;
  }

  Ask ask() {
    return ask;
  }

  /** Whether nobody waits for the answer any more. */
  boolean isPointless() {
    return isDone() || (purpose != null && purpose.isDone());
  }
}
