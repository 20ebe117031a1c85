package io.weir.limiter;

import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What both guards know of turns that leaky buckets give: when one is too late, and how what was
 * taken is given back. Immutable and thread-safe.
 *
 * @param maxWait the longest time that who is allowed waits
 * @param refundFailures is told why something was not given back
 */
record Turns(Duration maxWait, Consumer<Throwable> refundFailures) {
  private static final System.Logger LOG = System.getLogger(Turns.class.getName());

  /** Longer than any limit delays. */
  private static final Duration UNBOUNDED = Duration.ofMillis(Long.MAX_VALUE);

  /** Gives back, now or later. */
  @FunctionalInterface
  interface Refunds {
    CompletionStage<Decision> refund(Request request, long chargedAtMillis);
  }

  /** None is too late; what is not given back is only a token less for who has some. */
  static Turns any() {
    return new Turns(
        UNBOUNDED,
        failure -> LOG.log(System.Logger.Level.DEBUG, "tokens were not given back", failure));
  }

  /** With another longest wait; what is longer than any delay is as good as that. */
  Turns withMaxWait(Duration newMaxWait) {
    if (newMaxWait.isNegative()) {
      throw new IllegalArgumentException(
          "maxWait is " + Spans.exact(newMaxWait) + "; it must be 0 or more");
    }
    return new Turns(newMaxWait.compareTo(UNBOUNDED) > 0 ? UNBOUNDED : newMaxWait, refundFailures);
  }

  /** With another one who is told of failures. */
  Turns withRefundFailures(Consumer<Throwable> newRefundFailures) {
    return new Turns(maxWait, newRefundFailures);
  }

  /** The request as it is asked: a limiter that heeds it gives no turn that is too late. */
  Request bounded(Request request) {
    return maxWait.toMillis() < request.maxDelayMillis() ? request.withMaxDelay(maxWait) : request;
  }

  /** Of a limiter that does not heed it. */
  boolean isTooLate(Decision decision) {
    return decision.delayMillis() > maxWait.toMillis();
  }

  /** The decision for who would not wait so long. */
  Decision asTooLate(Decision decision) {
    return decision.asTooLate(maxWait.toMillis());
  }

  /** What guards say of it. */
  String text() {
    return maxWait.equals(UNBOUNDED) ? "" : ", waits " + Spans.exact(maxWait) + " at most";
  }

  /**
   * Gives back what a request took that was not made after all: a peek or a denied one took
   * nothing, and what a degraded decision took is not in the state that a refund changes.
   */
  void giveBack(Request request, Decision decision, Refunds refunds) {
    if (request.cost() == 0 || !decision.isAllowed() || decision.degraded()) {
      return;
    }
    try {
      refunds
          .refund(request, decision.nowMillis())
          .whenComplete(
              (refunded, failure) -> {
                if (failure != null) {
                  refundFailures.accept(failure);
                }
              });
    } catch (RuntimeException e) {
      refundFailures.accept(e);
    }
  }
}
