package io.weir.limiter;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Makes calls that a limiter allows, and no others. Immutable and thread-safe.
 *
 * <pre>{@code
 * Guard guard = Guard.of(limiter);
 * Report report = guard.call(Request.of("api", "user_id", "42").withCost(5), () -> render());
 * }</pre>
 *
 * <p>Where a leaky bucket gave the request a turn ({@link Decision#delayMillis}), the caller's
 * thread waits for it. Who is interrupted meanwhile has not called, and gets the tokens back,
 * unless others have turns behind. A caller whose turn would be later than {@link #maxWait} is
 * denied at once, and takes nothing. What the call itself does, throw included, gives nothing back:
 * {@link RateLimiter#refund} does.
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
  private final Turns turns;
  private final Semaphore waiting;

  private Guard(RateLimiter limiter, Waiter waiter, Turns turns, Semaphore waiting) {
    this.limiter = Objects.requireNonNull(limiter);
    this.waiter = Objects.requireNonNull(waiter);
    this.turns = turns;
    this.waiting = waiting;
  }

  /** A guard whose callers sleep until their turn, however late it is and however many they are. */
  public static Guard of(RateLimiter limiter) {
    return new Guard(
        limiter,
        delay -> Thread.sleep(delay.toMillis()),
        Turns.any(),
        new Semaphore(Integer.MAX_VALUE));
  }

  /** This guard with another way of waiting. */
  public Guard waiter(Waiter newWaiter) {
    return new Guard(limiter, newWaiter, turns, waiting);
  }

  /**
   * This guard for callers who wait for their turn so long at most.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Guard maxWait(Duration newMaxWait) {
    return new Guard(limiter, waiter, turns.withMaxWait(newMaxWait), waiting);
  }

  /**
   * This guard for so many callers who wait at once at most: who would be one more is denied as if
   * the turn were too late. Those of all guards that are made of the new one are counted together.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Guard maxWaiting(int newMaxWaiting) {
    if (newMaxWaiting < 0) {
      throw new IllegalArgumentException(
          "maxWaiting is " + newMaxWaiting + "; it must be 0 or more");
    }
    return maxWaiting(new Semaphore(newMaxWaiting));
  }

  /**
   * This guard for callers each of whom holds one of these permits while waiting; who finds none is
   * denied as if the turn were too late. So those of guards of several limiters are counted
   * together.
   */
  public Guard maxWaiting(Semaphore newWaiting) {
    return new Guard(limiter, waiter, turns, Objects.requireNonNull(newWaiting));
  }

  /** This guard that tells why something was not given back; it is logged, by default. */
  public Guard onRefundFailure(Consumer<Throwable> newListener) {
    return new Guard(limiter, waiter, turns.withRefundFailures(newListener), waiting);
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
    Decision decision = decide(request);
    if (!decision.isAllowed()) {
      throw new RateLimitExceededException(decision);
    }
    return decision;
  }

  /**
   * As {@link #acquire}, for who does not want an exception where the request is denied.
   *
   * @return the decision, once the turn has come where it is to allow
   * @throws InterruptedException if the thread was interrupted while it waited for its turn, and
   *     has the tokens back
   * @throws IllegalStateException if the limiter is closed
   */
  public Decision decide(Request request) throws InterruptedException {
    // Without a place to wait at, no turn but this moment will do.
    Turns possible = waiting.availablePermits() > 0 ? turns : turns.withMaxWait(Duration.ZERO);
    Decision decision = limiter.check(possible.bounded(request));
    return decision.isAllowed() && decision.delayMillis() > 0
        ? inTurn(request, decision)
        : decision;
  }

  private Decision inTurn(Request request, Decision decision) throws InterruptedException {
    if (turns.isTooLate(decision)) {
      giveBack(request, decision);
      return turns.asTooLate(decision);
    }
    if (!waiting.tryAcquire()) {
      giveBack(request, decision);
      return decision.asTooLate(0);
    }
    try {
      waiter.await(Duration.ofMillis(decision.delayMillis()));
      return decision;
    } catch (InterruptedException | RuntimeException e) {
      // What goes wrong here is told beside what happened, too.
      turns
          .withRefundFailures(turns.refundFailures().andThen(e::addSuppressed))
          .giveBack(request, decision, this::refund);
      throw e;
    } finally {
      waiting.release();
    }
  }

  /**
   * Gives back what {@link #acquire} took, for who makes no call after all; nothing where nothing
   * was taken. What goes wrong here is told to {@link #onRefundFailure}.
   */
  public void giveBack(Request request, Decision decision) {
    turns.giveBack(request, decision, this::refund);
  }

  private CompletionStage<Decision> refund(Request request, long chargedAtMillis) {
    return CompletableFuture.completedStage(limiter.refund(request, chargedAtMillis));
  }

  @Override
  public String toString() {
    return "Guard[" + limiter + turns.text() + "]";
  }
}
