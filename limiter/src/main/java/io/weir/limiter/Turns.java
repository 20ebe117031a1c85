package io.weir.limiter;

import java.time.Duration;

/** What both guards know of turns that leaky buckets give. */
final class Turns {
  /** Longer than any limit delays. */
  static final Duration UNBOUNDED = Duration.ofMillis(Long.MAX_VALUE);

  private Turns() {}

  /** Checks a setting; what is longer than any delay is as good as that. */
  static Duration requireMaxWait(Duration maxWait) {
    if (maxWait.isNegative()) {
      throw new IllegalArgumentException("maxWait is " + maxWait + "; it must be 0 or more");
    }
    return maxWait.compareTo(UNBOUNDED) > 0 ? UNBOUNDED : maxWait;
  }

  /** What guards say of it. */
  static String text(Duration maxWait) {
    return maxWait.equals(UNBOUNDED) ? "" : ", waits " + maxWait + " at most";
  }

  /**
   * Whether a request that was not made after all took something that can be given back: a peek
   * took nothing, and what a degraded decision took is not in the state that a refund changes.
   */
  static boolean isRefundable(Request request, Decision decision) {
    return request.cost() > 0 && !decision.degraded();
  }
}
