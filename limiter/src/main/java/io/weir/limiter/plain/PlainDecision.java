package io.weir.limiter.plain;

import java.util.OptionalLong;

/**
 * What one limit says of one request, and how it stands afterwards.
 *
 * @param isAllowed whether the request may proceed
 * @param remaining tokens that a request at {@code nowMillis} could still take, rounded down
 * @param resetAtMillis when the limit is full again without traffic, in milliseconds since the
 *     epoch
 * @param retryAfterMillis where the request was denied: milliseconds after the time that the clock
 *     showed at which it would be admitted, rounded up; empty where it never would, and where it
 *     was allowed
 * @param delayMillis leaky bucket: milliseconds after {@code nowMillis} until an allowed request's
 *     turn at the outflow, rounded up; else 0
 * @param nowMillis the time that it was judged at, in milliseconds since the epoch: what the clock
 *     showed, unless {@link KeyedLimiter} says otherwise
 */
public record PlainDecision(
    boolean isAllowed,
    long remaining,
    long resetAtMillis,
    OptionalLong retryAfterMillis,
    long delayMillis,
    long nowMillis) {}
