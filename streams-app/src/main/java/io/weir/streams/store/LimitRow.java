package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.rule.KeyText;

/**
 * One row of the limit store.
 *
 * @param key the state key: {@code identifier|path#name}
 * @param stored the state and the numbers it was written under
 */
public record LimitRow(KeyText key, StoredLimit stored) {

  /** The key, as a string that is made anew. */
  public String stateKey() {
    return key.toString();
  }
}
