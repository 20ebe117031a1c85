package io.weir.limiter;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls that a limiter allows, and no others, and holds no thread meanwhile: {@link Guard}
 * for {@link AsyncRateLimiter}. Immutable and thread-safe.
 *
 * <p>Who cancels what {@link #call} returns before the call was made has not called, and the tokens
 * are given back. A call that was made goes on, and whatever it does, throw or return null
 * included, gives nothing back.
 */
public final class AsyncGuard {
  /** Begins with work once so much time has passed. */
  @FunctionalInterface
  public interface Delays {
    /**
     * Begins with the work after the delay, on any thread.
     *
     * @return is cancelled where nobody waits any more, and should keep nothing then; the work does
     *     nothing from then on
     */
    Future<?> after(Duration delay, Runnable work);
  }

  /** What is done once it is known what becomes of a request. */
  @FunctionalInterface
  private interface Step<T> {
    void take(Decision decision, CompletableFuture<T> result);
  }

  private final AsyncRateLimiter limiter;
  private final Delays delays;
  private final Turns turns;

  private AsyncGuard(AsyncRateLimiter limiter, Delays delays, Turns turns) {
    this.limiter = Objects.requireNonNull(limiter);
    this.delays = Objects.requireNonNull(delays);
    this.turns = turns;
  }

  /**
   * A guard whose delayed calls are made by the pool of {@link CompletableFuture}, however late
   * their turn is. Others are made by who asks, or by the thread that brings the limiter's answer,
   * which they must not block.
   */
  public static AsyncGuard of(AsyncRateLimiter limiter) {
    return new AsyncGuard(limiter, AsyncGuard::inCommonPool, Turns.any());
  }

  private static Future<?> inCommonPool(Duration delay, Runnable work) {
    CompletableFuture<@Nullable Void> turn =
        new CompletableFuture<@Nullable Void>()
            .completeOnTimeout(null, delay.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> begun = turn.thenRunAsync(work);
    // The timer forgets what is complete.
    var unused = begun.whenComplete((nothing, failure) -> turn.complete(null));
    return begun;
  }

  /** This guard with another way of waiting. */
  public AsyncGuard delays(Delays newDelays) {
    return new AsyncGuard(limiter, newDelays, turns);
  }

  /**
   * This guard for callers who wait for their turn so long at most.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public AsyncGuard maxWait(Duration newMaxWait) {
    return new AsyncGuard(limiter, delays, turns.withMaxWait(newMaxWait));
  }

  /**
   * This guard that tells why something was not given back; it is logged, by default. Who is told
   * must not block.
   */
  public AsyncGuard onRefundFailure(Consumer<Throwable> newListener) {
    return new AsyncGuard(limiter, delays, turns.withRefundFailures(newListener));
  }

  /**
   * Makes a call if the request is allowed.
   *
   * @return what the call's stage gives; fails with {@link RateLimitExceededException} if the
   *     request is denied, with what the call throws, and with NullPointerException if it returns
   *     null instead of a stage
   * @throws IllegalStateException if the limiter is closed
   */
  public <T> CompletableFuture<T> call(
      Request request, Supplier<? extends CompletionStage<T>> call) {
    Objects.requireNonNull(call);
    return inTurn(request, (decision, result) -> make(call, result), AsyncGuard::fail);
  }

  /**
   * Takes the tokens of a request and waits for its turn, for who makes the call by other means.
   *
   * @return the decision, which is to allow; fails with {@link RateLimitExceededException} if the
   *     request is denied
   * @throws IllegalStateException if the limiter is closed
   */
  public CompletableFuture<Decision> acquire(Request request) {
    return inTurn(request, (decision, result) -> hand(request, decision, result), AsyncGuard::fail);
  }

  /**
   * As {@link #acquire}, for who does not want an exception where the request is denied.
   *
   * @return the decision, once the turn has come where it is to allow
   * @throws IllegalStateException if the limiter is closed
   */
  public CompletableFuture<Decision> decide(Request request) {
    return inTurn(
        request,
        (decision, result) -> hand(request, decision, result),
        (denied, result) -> result.complete(denied));
  }

  private static <T> void fail(Decision denied, CompletableFuture<T> result) {
    result.completeExceptionally(new RateLimitExceededException(denied));
  }

  /** Who cancelled at this very moment makes no call. */
  private void hand(Request request, Decision decision, CompletableFuture<Decision> result) {
    if (!result.complete(decision)) {
      giveBack(request, decision);
    }
  }

  private <T> CompletableFuture<T> inTurn(Request request, Step<T> allowed, Step<T> denied) {
    CompletableFuture<T> result = new CompletableFuture<>();
    limiter
        .checkAsync(turns.bounded(request))
        .whenComplete(
            (decision, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
              } else if (!decision.isAllowed()) {
                denied.take(decision, result);
              } else if (turns.isTooLate(decision)) {
                giveBack(request, decision);
                denied.take(turns.asTooLate(decision), result);
              } else if (decision.delayMillis() > 0) {
                later(request, decision, allowed, result);
              } else {
                unlessCancelled(request, decision, allowed, result);
              }
            });
    return result;
  }

  private <T> void later(
      Request request, Decision decision, Step<T> allowed, CompletableFuture<T> result) {
    AtomicBoolean settled = new AtomicBoolean();
    Future<?> turn;
    try {
      turn =
          delays.after(
              Duration.ofMillis(decision.delayMillis()),
              () -> {
                if (settled.compareAndSet(false, true)) {
                  allowed.take(decision, result);
                }
              });
    } catch (Throwable e) {
      // A timer that takes nothing any more, or has no thread: the call will never be made.
      if (settled.compareAndSet(false, true)) {
        giveBack(request, decision);
      }
      result.completeExceptionally(e);
      return;
    }
    var unused =
        result.whenComplete(
            (value, failure) -> {
              // Nobody waits for the turn any more, and there is somebody else to have it.
              if (settled.compareAndSet(false, true)) {
                turn.cancel(false);
                giveBack(request, decision);
              }
            });
  }

  private <T> void unlessCancelled(
      Request request, Decision decision, Step<T> allowed, CompletableFuture<T> result) {
    if (result.isDone()) {
      giveBack(request, decision);
    } else {
      allowed.take(decision, result);
    }
  }

  private static <T> void make(
      Supplier<? extends CompletionStage<T>> call, CompletableFuture<T> result) {
    try {
      Objects.requireNonNull(call.get(), "the call returned null; it must return a stage")
          .whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  result.complete(value);
                } else {
                  result.completeExceptionally(failure);
                }
              });
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  /**
   * Gives back what {@link #acquire} took, for who makes no call after all; nothing where nothing
   * was taken. Nobody waits for the answer: what goes wrong is told to {@link #onRefundFailure}.
   */
  public void giveBack(Request request, Decision decision) {
    turns.giveBack(request, decision, limiter::refundAsync);
  }

  @Override
  public String toString() {
    return "AsyncGuard[" + limiter + turns.text() + "]";
  }
}
