package io.weir.limiter;

import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.RateLimiterConcurrencyTck;
import java.time.InstantSource;

class InMemoryBackendConcurrencyTckTest extends RateLimiterConcurrencyTck {

  @Override
  protected RateLimiter start(RuleSet rules, InstantSource clock) {
    return new RuleBasedRateLimiter(
        () -> rules, InMemoryBackend.builder().clock(clock).build(), clock);
  }
}
