package io.weir.limiter.spring;

import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.http.NamedLimit;

/**
 * A limiter that judges by one rule alone. Immutable and thread-safe.
 *
 * @param limit the rule
 * @param limiter judges by it
 * @param async judges by it and by the same state, without holding up who asks
 */
public record RuleLimiter(NamedLimit limit, RateLimiter limiter, AsyncRateLimiter async) {}
