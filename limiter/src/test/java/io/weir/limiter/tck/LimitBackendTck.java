package io.weir.limiter.tck;

import io.weir.limiter.LimitBackend;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.rule.RuleSet;
import java.time.Duration;
import java.time.InstantSource;

/** The compatibility kit for a {@link LimitBackend}, under a {@link RuleBasedRateLimiter}. */
public abstract class LimitBackendTck extends RateLimiterTck {

  /**
   * Starts the backend under test, without state.
   *
   * @param clock the only time that it may know; it is set back as well
   * @param lateness how far the clock may step back before requests are judged at a later time than
   *     their own
   */
  protected abstract LimitBackend start(InstantSource clock, Duration lateness);

  /** Lets the backend's expiry do all that it can do now; nothing where it has none. */
  protected void expire(LimitBackend backend) {}

  @Override
  protected final Subject start(RuleSet rules, Duration lateness) {
    // Shows the time of the latest request: before the first one, it has seen no time at all.
    FakeClock clock = new FakeClock(0);
    LimitBackend backend = start(clock, lateness);
    return new BackendSubject(backend, () -> expire(backend), rules, clock);
  }
}
