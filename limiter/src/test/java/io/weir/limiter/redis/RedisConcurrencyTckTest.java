package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.RateLimiterConcurrencyTck;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

  private record TakingTurns(List<RateLimiter> limiters, AtomicInteger turn)
      implements RateLimiter {
    TakingTurns(List<RateLimiter> limiters) {
      this(limiters, new AtomicInteger());
    }

    private RateLimiter next() {
      return limiters.get(Math.floorMod(turn.getAndIncrement(), limiters.size()));
    }

    @Override
    public Decision check(Request request) {
      return next().check(request);
    }

    @Override
    public DescriptorsDecision checkDescriptors(DescriptorsRequest request) {
      return next().checkDescriptors(request);
    }

    @Override
    public Decision refund(Request request, long chargedAtMillis) {
      return next().refund(request, chargedAtMillis);
    }

    @Override
    public Decision reset(Request request) {
      return next().reset(request);
    }

    @Override
    public void close() {
      limiters.forEach(RateLimiter::close);
    }
  }
}
