package io.weir.benchmarks.redis;

/**
 * What one key takes in Redis.
 *
 * @param bytes all of it, by {@code MEMORY USAGE}; 0 where there is none
 * @param nameBytes what its name has of these
 */
record KeyMemory(long bytes, int nameBytes) {}
