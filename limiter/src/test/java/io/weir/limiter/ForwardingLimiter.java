package io.weir.limiter;

import java.util.function.Supplier;

/** A limiter that asks another one; tests change parts of it. */
public class ForwardingLimiter implements RateLimiter {
  private final Supplier<? extends RateLimiter> limiters;

  /** Asks another one, which it closes. */
  public ForwardingLimiter(RateLimiter limiter) {
    this(() -> limiter);
  }

  /** Asks one that is chosen for each question. */
  public ForwardingLimiter(Supplier<? extends RateLimiter> limiters) {
    this.limiters = limiters;
  }

  @Override
  public Decision check(Request request) {
    return limiters.get().check(request);
  }

  @Override
  public DescriptorsDecision checkDescriptors(DescriptorsRequest request) {
    return limiters.get().checkDescriptors(request);
  }

  @Override
  public Decision refund(Request request, long chargedAtMillis) {
    return limiters.get().refund(request, chargedAtMillis);
  }

  @Override
  public Decision reset(Request request) {
    return limiters.get().reset(request);
  }

  @Override
  public void close() {
    limiters.get().close();
  }
}
