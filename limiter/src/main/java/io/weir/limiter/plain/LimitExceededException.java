package io.weir.limiter.plain;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.words.Spans;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A guarded call was not made, as the limit did not admit it. The message names the key, so it is
 * for logs, not for strangers.
 */
public class LimitExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable PlainDecision decision;

  /** An exception for a decision, which is to deny. */
  LimitExceededException(Limit limit, Object key, PlainDecision decision) {
    super(message(limit, key, decision));
    this.decision = decision;
  }

  /**
   * The decision.
   *
   * @throws NullPointerException if this is a copy that was serialized, which has none
   */
  public PlainDecision decision() {
    return Objects.requireNonNull(decision, "a decision is not serialized");
  }

  private static String message(Limit limit, Object key, PlainDecision decision) {
    String who = key.equals("") ? "the request" : key.toString();
    return decision.retryAfterMillis().isPresent()
        ? who
            + " is over its limit ("
            + limit
            + "); retry in "
            + Spans.of(decision.retryAfterMillis().getAsLong())
        : who + " asks for more than its limit (" + limit + ") admits at once";
  }
}
