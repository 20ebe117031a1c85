package io.weir.limiter;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Makes calls that a limiter allows, and no others. Immutable and thread-safe.
 *
 * <pre>{@code
 * Guard guard = Guard.of(limiter);
 * Report report = guard.call(Request.of("api", "user_id", "42").withCost(5), () -> render());
 * }</pre>
 *
 * <p>Where a leaky bucket gave the request a turn ({@link Decision#delayMillis}), the caller's
 * thread waits for it. Who is interrupted meanwhile has not called, and gets the tokens back; so
 * does a caller whose turn is later than {@link #maxWait}, who is denied at once. What the call
 * itself does, throw included, gives nothing back: {@link RateLimiter#refund} does.
 */
public final class Guard {
  /** Lets time pass. */
  @FunctionalInterface
  public interface Waiter {
    /**
     * Returns when so much time has passed.
     *
     * @throws InterruptedException if the thread is interrupted before
     */
    void await(Duration delay) throws InterruptedException;
  }

  private final RateLimiter limiter;
  private final Waiter waiter;
  private final Duration maxWait;

  private Guard(RateLimiter limiter, Waiter waiter, Duration maxWait) {
    this.limiter = Objects.requireNonNull(limiter);
    this.waiter = Objects.requireNonNull(waiter);
    this.maxWait = maxWait;
  }

  /** A guard whose callers sleep until their turn, however late it is. */
  public static Guard of(RateLimiter limiter) {
    return new Guard(limiter, delay -> Thread.sleep(delay.toMillis()), Turns.UNBOUNDED);
  }

  /** This guard with another way of waiting. */
  public Guard waiter(Waiter newWaiter) {
    return new Guard(limiter, newWaiter, maxWait);
  }

  /**
   * This guard for callers who wait for their turn so long at most.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Guard maxWait(Duration newMaxWait) {
    return new Guard(limiter, waiter, Turns.requireMaxWait(newMaxWait));
  }

  /**
   * Makes a call if the request is allowed.
   *
   * @return what it returns
   * @throws RateLimitExceededException if the request is denied; then no call was made
   * @throws InterruptedException if the thread was interrupted while it waited for its turn; then
   *     no call was made
   * @throws Exception what the call throws
   * @throws IllegalStateException if the limiter is closed
   */
  public <T> T call(Request request, Callable<T> call) throws Exception {
    Objects.requireNonNull(call);
    acquire(request);
    return call.call();
  }

  /**
   * Takes the tokens of a request and waits for its turn, for who makes the call by other means.
   *
   * @return the decision, which is to allow
   * @throws RateLimitExceededException if the request is denied
   * @throws InterruptedException if the thread was interrupted while it waited for its turn, and
   *     has the tokens back
   * @throws IllegalStateException if the limiter is closed
   */
  public Decision acquire(Request request) throws InterruptedException {
    Decision decision = limiter.check(request);
    if (!decision.isAllowed()) {
      throw new RateLimitExceededException(decision);
    }
    if (decision.delayMillis() > 0) {
      awaitTurn(request, decision);
    }
    return decision;
  }

  private void awaitTurn(Request request, Decision decision) throws InterruptedException {
    if (decision.delayMillis() > maxWait.toMillis()) {
      RateLimitExceededException tooLate =
          new RateLimitExceededException(decision.asTooLate(maxWait.toMillis()));
      giveBack(request, decision, tooLate);
      throw tooLate;
    }
    try {
      waiter.await(Duration.ofMillis(decision.delayMillis()));
    } catch (InterruptedException | RuntimeException e) {
      giveBack(request, decision, e);
      throw e;
    }
  }

  /** What goes wrong here is only told beside what happened. */
  private void giveBack(Request request, Decision decision, Exception happened) {
    if (Turns.isRefundable(request, decision)) {
      try {
        limiter.refund(request, decision.nowMillis());
      } catch (RuntimeException e) {
        happened.addSuppressed(e);
      }
    }
  }

  @Override
  public String toString() {
    return "Guard[" + limiter + Turns.text(maxWait) + "]";
  }
}
