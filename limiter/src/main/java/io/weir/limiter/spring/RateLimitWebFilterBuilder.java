package io.weir.limiter.spring;

import io.weir.limiter.AsyncGuard;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.http.filter.FilterBuilder;

/** Settings of a {@link RateLimitWebFilter}. Not thread-safe. */
public final class RateLimitWebFilterBuilder extends FilterBuilder<RateLimitWebFilterBuilder> {
  private final AsyncRateLimiter limiter;
  AsyncGuard guard;
  WebDenialHandler handler = WebDenialHandler.problemJson();
  int order;

  RateLimitWebFilterBuilder(AsyncRateLimiter limiter) {
    this.limiter = limiter;
    this.guard = AsyncGuard.of(limiter);
  }

  @Override
  protected RateLimitWebFilterBuilder self() {
    return this;
  }

  /** How requests that are not served are answered; with problem+json by default. */
  public RateLimitWebFilterBuilder onDenied(WebDenialHandler newHandler) {
    this.handler = newHandler;
    return this;
  }

  /** The filter's place in the chain, as of {@link org.springframework.core.Ordered}; 0 here. */
  public RateLimitWebFilterBuilder order(int newOrder) {
    this.order = newOrder;
    return this;
  }

  String text() {
    return domain() + ": " + limiter;
  }

  /** How requests wait. */
  RateLimitWebFilterBuilder delays(AsyncGuard.Delays newDelays) {
    this.guard = guard.delays(newDelays);
    return this;
  }

  /**
   * The filter.
   *
   * @throws IllegalStateException if the domain is not told, or a limit that is said in a line is
   *     by an attribute that the filter does not tell
   */
  public RateLimitWebFilter build() {
    return new RateLimitWebFilter(this, limits());
  }
}
