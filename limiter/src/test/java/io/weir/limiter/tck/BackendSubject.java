package io.weir.limiter.tck;

import io.weir.limiter.Decision;
import io.weir.limiter.DescriptorsDecision;
import io.weir.limiter.DescriptorsRequest;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.Request;
import io.weir.limiter.RuleBasedRateLimiter;
import io.weir.limiter.rule.RuleSet;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A {@link LimitBackend}, under a {@link RuleBasedRateLimiter}, as the kit drives it. */
public final class BackendSubject implements LimiterKit.Subject {
  private final Runnable expiry;
  private final FakeClock clock;
  private final AtomicReference<RuleSet> rules;
  private final RateLimiter limiter;

  /**
   * A backend without state.
   *
   * @param expiry lets the backend's expiry do all that it can do now
   * @param clock the only time that the backend knows
   */
  public BackendSubject(LimitBackend backend, Runnable expiry, RuleSet rules, FakeClock clock) {
    this.expiry = expiry;
    this.clock = clock;
    this.rules = new AtomicReference<>(rules);
    this.limiter = new RuleBasedRateLimiter(this::inForce, backend, clock);
  }

  private RuleSet inForce() {
    return Objects.requireNonNull(rules.get());
  }

  @Override
  public Decision decide(Request request, long timestampMillis) {
    clock.set(timestampMillis);
    return limiter.check(request);
  }

  @Override
  public DescriptorsDecision decideDescriptors(DescriptorsRequest request, long timestampMillis) {
    clock.set(timestampMillis);
    return limiter.checkDescriptors(request);
  }

  @Override
  public Decision refund(Request request, long chargedAtMillis, long timestampMillis) {
    clock.set(timestampMillis);
    return limiter.refund(request, chargedAtMillis);
  }

  @Override
  public Decision reset(Request request, long timestampMillis) {
    clock.set(timestampMillis);
    return limiter.reset(request);
  }

  @Override
  public void changeRules(RuleSet newRules) {
    rules.set(newRules);
  }

  @Override
  public void expire() {
    expiry.run();
  }

  @Override
  public void close() {
    limiter.close();
  }
}
