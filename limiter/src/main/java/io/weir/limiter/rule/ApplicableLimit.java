package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Limit;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One limit that a request must be judged by.
 *
 * @param key key of the limit's state: {@code identifier|path#name}
 * @param rule name of the rule, for people and metric labels
 * @param limit the limit
 * @param mode what a refusal means for the request
 * @param onError what a synchronous door answers when its backend fails; empty leaves that to the
 *     door
 * @param cost tokens that the request asks of this limit, where its descriptor says; 0 peeks. Empty
 *     stands for the cost of the request
 */
public record ApplicableLimit(
    KeyText key,
    String rule,
    Limit limit,
    LimitMode mode,
    Optional<OnError> onError,
    OptionalLong cost) {

  /**
   * A limit that is asked for the cost of the request, and leaves to the door what it answers when
   * its backend fails.
   */
  public ApplicableLimit(KeyText key, String rule, Limit limit, LimitMode mode) {
    this(key, rule, limit, mode, Optional.empty(), OptionalLong.empty());
  }

  /** This limit with other numbers. */
  public ApplicableLimit withLimit(Limit newLimit) {
    return new ApplicableLimit(key, rule, newLimit, mode, onError, cost);
  }

  /**
   * The tokens that a request asks of this limit.
   *
   * @param requestCost the cost of the request
   */
  public long cost(long requestCost) {
    return cost.orElse(requestCost);
  }

  /** The key of the limit's state, as a string that is made anew. */
  public String stateKey() {
    return key.toString();
  }
}
