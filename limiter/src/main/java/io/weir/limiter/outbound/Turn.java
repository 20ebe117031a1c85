package io.weir.limiter.outbound;

import org.jspecify.annotations.Nullable;

/** The turn of one call: completes when it may start. Times are of {@link SteadyTime}. */
final class Turn extends KnowingFuture<Void> {
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
}
