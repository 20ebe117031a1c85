package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.outbound.EndpointEntry.Lane;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How limiters stand that have one name, as those of all paths that no pattern matches.
 *
 * @param tokens what the one with the fewest has; empty where there is none
 * @param waiting how many wait for any
 * @param perSecond what the slowest admits; empty where there is none
 */
record Standing(OptionalLong tokens, int waiting, OptionalDouble perSecond) {

  static Standing of(List<Lane> lanes) {
    return new Standing(
        lanes.stream().mapToLong(lane -> lane.limiter().availableTokens()).min(),
        lanes.stream().mapToInt(lane -> lane.turnstile().waiting()).sum(),
        lanes.stream().mapToDouble(lane -> perSecond(lane.limiter().limit())).min());
  }

  static double perSecond(Limit limit) {
    return limit.requests() * 1_000.0 / (double) limit.periodMillis();
  }
}
