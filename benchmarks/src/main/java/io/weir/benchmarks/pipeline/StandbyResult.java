package io.weir.benchmarks.pipeline;

/**
 * How long a standby takes to take over.
 *
 * @param rows rows of the state
 * @param sessionTimeoutMillis how long the group waits for the instance that was killed
 * @param gapMillis the longest time that a partition had no decision for
 * @param promotionMillis of that, what came after the session was over
 * @param load what the load saw
 */
record StandbyResult(
    int rows,
    double sessionTimeoutMillis,
    double gapMillis,
    double promotionMillis,
    LoadResult load) {}
