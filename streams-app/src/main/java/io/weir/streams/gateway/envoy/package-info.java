/**
 * Envoy's door: the rate limit service that Envoy asks over gRPC ({@code
 * envoy.service.ratelimit.v3.RateLimitService}), answered by the limiter.
 */
@NullMarked
package io.weir.streams.gateway.envoy;

import org.jspecify.annotations.NullMarked;
