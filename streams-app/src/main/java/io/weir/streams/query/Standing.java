package io.weir.streams.query;

import java.util.OptionalLong;

/**
 * How one limit of one identifier stands.
 *
 * @param stateKey key of the limit's state: {@code identifier|path#name}
 * @param algorithm name of the algorithm
 * @param limit requests that each period grants
 * @param periodMillis the period in milliseconds
 * @param burst the most that can be admitted at one instant
 * @param remaining tokens that a request could still take now, rounded down
 * @param resetAtMillis when the limit is full again without traffic, in milliseconds since the
 *     epoch
 * @param lastAdmissionMillis time of the last admission that is remembered, in milliseconds since
 *     the epoch; empty where nothing is
 */
public record Standing(
    String stateKey,
    String algorithm,
    long limit,
    long periodMillis,
    long burst,
    long remaining,
    long resetAtMillis,
    OptionalLong lastAdmissionMillis) {}
