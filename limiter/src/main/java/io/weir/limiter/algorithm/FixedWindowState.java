package io.weir.limiter.algorithm;

/**
 * State of a fixed window.
 *
 * @param windowStartMillis start of the window that {@code count} belongs to, in milliseconds since
 *     the epoch
 * @param count tokens taken in that window
 * @param lastMillis time of the last admission, in milliseconds since the epoch
 */
public record FixedWindowState(long windowStartMillis, long count, long lastMillis)
    implements LimitState {}
