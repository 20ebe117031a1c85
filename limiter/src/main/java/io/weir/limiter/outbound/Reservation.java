package io.weir.limiter.outbound;

import org.jspecify.annotations.Nullable;

/**
 * A turn for those who begin by themselves: completes with it, but when what it has or had in the
 * queue is settled, so that whoever is told finds things as they are from then on. Thread-safe.
 */
final class Reservation extends KnowingFuture<Void> {
  private final Turn turn;

  Reservation(Turn turn) {
    this.turn = turn;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    turn.cancel(mayInterruptIfRunning);
    return isCancelled();
  }

  /** The turn has come, or failed. */
  void settle(@Nullable Throwable failure) {
    if (failure == null) {
      complete(null);
    } else {
      completeExceptionally(failure);
    }
  }
}
