package io.weir.limiter;

import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.tck.FakeClock;
import io.weir.limiter.tck.RateLimiterTck;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

class InMemoryRateLimiterTckTest extends RateLimiterTck {

  @Override
  protected Subject start(RuleSet rules, Duration lateness) {
    return new InMemorySubject(rules, lateness);
  }

  private static final class InMemorySubject implements Subject {
    /** Shows the time of the latest request: before the first one, it has seen no time at all. */
    private final FakeClock clock = new FakeClock(0);

    private final AtomicReference<RuleSet> rules;
    private final InMemoryBackend backend;
    private final RateLimiter limiter;

    InMemorySubject(RuleSet rules, Duration lateness) {
      this.rules = new AtomicReference<>(rules);
      this.backend = InMemoryBackend.builder().clock(clock).lateness(lateness).build();
      this.limiter = new RuleBasedRateLimiter(this.rules::get, backend, clock);
    }

    @Override
    public Decision decide(Request request, long timestampMillis) {
      clock.set(timestampMillis);
      return limiter.check(request);
    }

    @Override
    public void changeRules(RuleSet newRules) {
      rules.set(newRules);
    }

    @Override
    public void expire() {
      backend.expireIdle();
    }

    @Override
    public void close() {
      limiter.close();
    }
  }
}
