package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Limit;
import java.util.Optional;

/**
 * One limit that a request must be judged by.
 *
 * @param key key of the limit's state: {@code identifier|path#name}
 * @param rule name of the rule, for people and metric labels
 * @param limit the limit
 * @param mode what a refusal means for the request
 * @param onError what a synchronous door answers when its backend fails; empty leaves that to the
 *     door
 */
public record ApplicableLimit(
    KeyText key, String rule, Limit limit, LimitMode mode, Optional<OnError> onError) {

  /** A limit that leaves to the door what it answers when its backend fails. */
  public ApplicableLimit(KeyText key, String rule, Limit limit, LimitMode mode) {
    this(key, rule, limit, mode, Optional.empty());
  }

  /** The key of the limit's state, as a string that is made anew. */
  public String stateKey() {
    return key.toString();
  }
}
