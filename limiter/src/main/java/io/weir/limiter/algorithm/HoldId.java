package io.weir.limiter.algorithm;

/**
 * Whose tokens are held: two numbers that no other request has which may hold tokens at the same
 * time, such as the partition and the offset of its record.
 *
 * @param high the first number
 * @param low the second
 */
public record HoldId(long high, long low) {}
