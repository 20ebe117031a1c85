package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;

/** Limiters for endpoints, each of ten per second where nothing else is said. */
abstract class EndpointKit extends OutboundKit {
  /** A token every 100 ms, 2 at once. */
  static final Limit TWO = Limit.tokenBucket(10, Duration.ofSeconds(1)).withBurst(2);

  static final Limit FIVE = TWO.withBurst(5);

  final EndpointRateLimiter.Builder builder() {
    return prepared(EndpointRateLimiter.builder(TWO)).name("api");
  }
}
