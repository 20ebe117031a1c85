package io.weir.limiter;

/**
 * The decision on a request that is charged once.
 *
 * @param decision the decision; where it is repeated, what was decided then, told by the rules that
 *     are in force now
 * @param repeated whether the request was charged before, and was not this time
 */
public record OnceDecision(Decision decision, boolean repeated) {}
