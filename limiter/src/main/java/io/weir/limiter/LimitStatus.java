package io.weir.limiter;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.rule.LimitMode;
import java.util.OptionalLong;

/**
 * How one limit stands after a decision.
 *
 * @param key key of the limit's state: {@code identifier|path#name}
 * @param rule name of the rule
 * @param limit the limit that judged
 * @param mode what a refusal of this limit means for the request
 * @param verdict what this limit alone says of the request; ALLOW for a refund or a reset
 * @param remaining tokens that a request at the decision's {@code nowMillis} could still take,
 *     rounded down
 * @param resetAtMillis when the limit is full again without traffic, in milliseconds since the
 *     epoch
 * @param retryAfterMillis where the verdict is DENY: milliseconds after the request's own timestamp
 *     at which this limit would admit it, rounded up; empty where it never would, and where the
 *     verdict is ALLOW
 * @param delayMillis leaky bucket: milliseconds after the decision's {@code nowMillis} until the
 *     request's turn at the outflow; else 0
 */
public record LimitStatus(
    KeyText key,
    String rule,
    Limit limit,
    LimitMode mode,
    Verdict verdict,
    long remaining,
    long resetAtMillis,
    OptionalLong retryAfterMillis,
    long delayMillis)
    implements Verdicts.Opinion {

  @Override
  public boolean admits() {
    return verdict == Verdict.ALLOW;
  }

  /** The key of the limit's state, as a string that is made anew. */
  public String stateKey() {
    return key.toString();
  }

  /** This status where the wait counts from an earlier time. */
  LimitStatus withLaterRetry(long laterMillis) {
    return new LimitStatus(
        key,
        rule,
        limit,
        mode,
        verdict,
        remaining,
        resetAtMillis,
        later(retryAfterMillis, laterMillis),
        delayMillis);
  }

  /** A wait that counts from an earlier time; from a later one, it may be over. */
  static OptionalLong later(OptionalLong waitMillis, long laterMillis) {
    return waitMillis.isEmpty()
        ? waitMillis
        : OptionalLong.of(Math.max(0, waitMillis.getAsLong() + laterMillis));
  }

  /** This status at another usage. */
  LimitStatus withUsage(Usage usage) {
    return new LimitStatus(
        key,
        rule,
        limit,
        mode,
        verdict,
        usage.remaining(),
        usage.resetAtMillis(),
        retryAfterMillis,
        delayMillis);
  }
}
