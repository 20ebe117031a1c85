package io.weir.limiter.http.servlet;

import io.weir.limiter.AsyncGuard;
import io.weir.limiter.AsyncRateLimiter;
import io.weir.limiter.Guard;
import io.weir.limiter.RateLimiter;
import io.weir.limiter.http.filter.FilterBuilder;
import io.weir.limiter.http.filter.RequestLimits;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Settings of a {@link RateLimitFilter}. Not thread-safe. */
public final class RateLimitFilterBuilder extends FilterBuilder<RateLimitFilterBuilder> {
  DenialHandler handler = DenialHandler.problemJson();
  private final RateLimiter limiter;
  private Guard guard;
  private UnaryOperator<AsyncGuard> delaying = UnaryOperator.identity();
  private boolean async;

  RateLimitFilterBuilder(RateLimiter limiter) {
    this.limiter = limiter;
    this.guard = Guard.of(limiter).maxWaiting(100);
  }

  @Override
  protected RateLimitFilterBuilder self() {
    return this;
  }

  /** How requests that are not served are answered; with problem+json by default. */
  public RateLimitFilterBuilder onDenied(DenialHandler newHandler) {
    this.handler = newHandler;
    return this;
  }

  /**
   * How many threads of the container may wait for turns at once; 100 by default. Who would be one
   * more is denied as if the turn were too late. It should be well below the threads that there
   * are: a request that waits holds up others. Requests that hold no thread are not counted.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RateLimitFilterBuilder maxWaiting(int newMaxWaiting) {
    this.guard = guard.maxWaiting(newMaxWaiting);
    return this;
  }

  /**
   * Whether the container's thread is let go while the limiter is asked and while a request waits;
   * false by default. {@link RateLimitFilter} says what that asks of the other filters.
   */
  public RateLimitFilterBuilder async(boolean newAsync) {
    this.async = newAsync;
    return this;
  }

  /** How threads wait. */
  RateLimitFilterBuilder waiter(Guard.Waiter newWaiter) {
    this.guard = guard.waiter(newWaiter);
    return this;
  }

  /** How requests wait that hold no thread. */
  RateLimitFilterBuilder delays(AsyncGuard.Delays newDelays) {
    this.delaying = it -> it.delays(newDelays);
    return this;
  }

  @Override
  protected RateLimitFilterBuilder clock(InstantSource newClock) {
    return super.clock(newClock);
  }

  String text() {
    return domain() + ": " + limiter;
  }

  Guard guard() {
    return guard;
  }

  /** There is one if the filter is to be asynchronous. */
  Optional<AsyncGuard> asyncGuard() {
    return async && limiter instanceof AsyncRateLimiter asking
        ? Optional.of(delaying.apply(AsyncGuard.of(asking)))
        : Optional.empty();
  }

  /**
   * The filter.
   *
   * @throws IllegalStateException if the domain is not told, or the filter is to be asynchronous
   *     and the limiter is no {@link AsyncRateLimiter}, or a limit that is said in a line is by an
   *     attribute that the filter does not tell
   */
  public RateLimitFilter build() {
    RequestLimits limits = limits();
    if (async && !(limiter instanceof AsyncRateLimiter)) {
      throw new IllegalStateException(
          "the filter is to be asynchronous, and the limiter " + limiter + " is not");
    }
    return new RateLimitFilter(this, limits);
  }
}
