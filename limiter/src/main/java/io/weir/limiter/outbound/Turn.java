package io.weir.limiter.outbound;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The turn of one call: completes when it may start. Times are of {@link SteadyTime}. */
final class Turn extends CompletableFuture<Void> {
  final long tokens;
  final long sinceMillis;
  final long deadlineMillis;

  /** Whether it stands in the queue no more. Set under the queue's lock. */
  volatile boolean isOut;

  /**
   * While its tokens may come back: it was let go and has not begun. Set under the queue's lock.
   */
  volatile LowWater.@Nullable Mark mark;

  /**
   * A turn that is not yet.
   *
   * @param sinceMillis when it was asked for
   * @param deadlineMillis the latest time to start
   */
  Turn(long tokens, long sinceMillis, long deadlineMillis) {
    this.tokens = tokens;
    this.sinceMillis = sinceMillis;
    this.deadlineMillis = deadlineMillis;
  }

  /** Those that are made of it are plain. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
