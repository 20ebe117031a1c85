package io.weir.streams.store;

import io.weir.limiter.algorithm.StoredLimit;

/**
 * One row of the limit store.
 *
 * @param stateKey the key: {@code identifier|path#name}
 * @param stored the state and the numbers it was written under
 */
public record LimitRow(String stateKey, StoredLimit stored) {}
