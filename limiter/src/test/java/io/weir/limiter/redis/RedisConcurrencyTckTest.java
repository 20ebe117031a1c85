package io.weir.limiter.redis;

import io.weir.limiter.ForwardingLimiter;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.RateLimiterConcurrencyTck;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Three instances that share what is in Redis. */
class RedisConcurrencyTckTest extends RateLimiterConcurrencyTck {

  @Override
  protected RateLimiter start(RuleSet rules, InstantSource clock) {
    String prefix = SharedRedis.newPrefix();
    return new TakingTurns(
        IntStream.range(0, 3)
            .<RateLimiter>mapToObj(
                i ->
                    new RuleBasedRateLimiter(
                        () -> rules, SharedRedis.backend(prefix, clock, Duration.ZERO), clock))
            .toList());
  }

  private static final class TakingTurns extends ForwardingLimiter {
    private final List<RateLimiter> limiters;

    TakingTurns(List<RateLimiter> limiters) {
      super(inTurn(limiters));
      this.limiters = limiters;
    }

    private static Supplier<RateLimiter> inTurn(List<RateLimiter> limiters) {
      AtomicInteger turn = new AtomicInteger();
      return () -> limiters.get(Math.floorMod(turn.getAndIncrement(), limiters.size()));
    }

    @Override
    public void close() {
      limiters.forEach(RateLimiter::close);
    }
  }
}
