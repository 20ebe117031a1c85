package io.weir.streams.compare;

/**
 * What some waits come to, in milliseconds. Of none, all are 0.
 *
 * @param count how many there were
 * @param median half of them were no longer
 * @param p95 95 of 100 were no longer
 * @param longest the longest
 */
public record WaitSummary(long count, long median, long p95, long longest) {}
