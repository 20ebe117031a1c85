package io.weir.limiter.algorithm;

/**
 * How a limit stands at one time.
 *
 * @param remaining tokens that a request could still take at that time, rounded down
 * @param resetAtMillis the earliest whole millisecond since the epoch at which the limit is full
 *     again if no traffic comes; the time asked about where it is full already
 */
public record Usage(long remaining, long resetAtMillis) {}
