package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.Optional;

/**
 * How far a server's word is followed.
 *
 * @param initial the limit as long as the server says nothing; slowed to the maximum
 * @param safetyPermille the share of what the server grants that is used
 * @param minimum the rate that no word of the server goes below, pauses apart
 * @param maximum the rate that no word of the server goes above
 * @param longest longer resets and waits are not believed
 * @param firstPause how long to stay away after a refusal that does not say how long; twice as long
 *     after the next one
 */
record AdaptiveRules(
    Limit initial,
    long safetyPermille,
    Rate minimum,
    Optional<Rate> maximum,
    Duration longest,
    Duration firstPause) {

  /** Bounds the initial limit. */
  AdaptiveRules {
    Rate own = Rate.of(initial);
    if (maximum.isPresent() && maximum.get().isSlowerThan(own)) {
      initial = maximum.get().limit(initial.burst());
    }
  }

  /** The rate that holds as the minimum: the initial one where that is slower. */
  Rate leastRate() {
    return Rate.slower(minimum, Rate.of(initial));
  }
}
