package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Limit;

/**
 * One limit that a request must be judged by.
 *
 * @param key key of the limit's state: {@code identifier|path#name}
 * @param rule name of the rule, for people and metric labels
 * @param limit the limit
 * @param mode what a refusal means for the request
 */
public record ApplicableLimit(KeyText key, String rule, Limit limit, LimitMode mode) {

  /** The key of the limit's state, as a string that is made anew. */
  public String stateKey() {
    return key.toString();
  }
}
