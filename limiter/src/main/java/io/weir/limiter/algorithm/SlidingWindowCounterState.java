package io.weir.limiter.algorithm;

/**
 * State of a sliding window counter.
 *
 * @param windowStartMillis start of the current window, in milliseconds since the epoch
 * @param current tokens taken in the current window
 * @param previous tokens taken in the window before it
 * @param lastMillis time of the last admission, in milliseconds since the epoch
 */
public record SlidingWindowCounterState(
    long windowStartMillis, long current, long previous, long lastMillis) implements LimitState {}
