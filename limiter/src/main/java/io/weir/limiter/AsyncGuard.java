package io.weir.limiter;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Makes calls that a limiter allows, and no others, and holds no thread meanwhile: {@link Guard}
 * for {@link AsyncRateLimiter}. Immutable and thread-safe.
 *
 * <p>Who cancels what {@link #call} returns before the call was made has not called, and the tokens
 * are given back. A call that was made goes on.
 */
public final class AsyncGuard {
  /** Says where work runs once so much time has passed. */
  @FunctionalInterface
  public interface Delays {
    /** An executor that begins with what it is given after the delay. */
    Executor after(Duration delay);
  }

  /** What is done once a request is allowed and its turn has come. */
  @FunctionalInterface
  private interface Making<T> {
    void make(Decision decision, CompletableFuture<T> result);
  }

  private final AsyncRateLimiter limiter;
  private final Delays delays;
  private final Duration maxWait;

  private AsyncGuard(AsyncRateLimiter limiter, Delays delays, Duration maxWait) {
    this.limiter = Objects.requireNonNull(limiter);
    this.delays = Objects.requireNonNull(delays);
    this.maxWait = maxWait;
  }

  /**
   * A guard whose delayed calls are made by the pool of {@link CompletableFuture}, however late
   * their turn is. Others are made by who asks, or by the thread that brings the limiter's answer,
   * which they must not block.
   */
  public static AsyncGuard of(AsyncRateLimiter limiter) {
    return new AsyncGuard(
        limiter,
        delay -> CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS),
        Turns.UNBOUNDED);
  }

  /** This guard with another way of waiting. */
  public AsyncGuard delays(Delays newDelays) {
    return new AsyncGuard(limiter, newDelays, maxWait);
  }

  /**
   * This guard for callers who wait for their turn so long at most.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public AsyncGuard maxWait(Duration newMaxWait) {
    return new AsyncGuard(limiter, delays, Turns.requireMaxWait(newMaxWait));
  }

  /**
   * Makes a call if the request is allowed.
   *
   * @return what the call's stage gives; fails with {@link RateLimitExceededException} if the
   *     request is denied, and with what the call throws
   * @throws IllegalStateException if the limiter is closed
   */
  public <T> CompletableFuture<T> call(
      Request request, Supplier<? extends CompletionStage<T>> call) {
    Objects.requireNonNull(call);
    return whenAllowed(request, (decision, result) -> make(call, result));
  }

  /**
   * Takes the tokens of a request and waits for its turn, for who makes the call by other means.
   *
   * @return the decision, which is to allow; fails with {@link RateLimitExceededException} if the
   *     request is denied
   * @throws IllegalStateException if the limiter is closed
   */
  public CompletableFuture<Decision> acquire(Request request) {
    return whenAllowed(
        request,
        (decision, result) -> {
          // Who cancelled at this very moment makes no call.
          if (!result.complete(decision)) {
            giveBack(request, decision);
          }
        });
  }

  private <T> CompletableFuture<T> whenAllowed(Request request, Making<T> making) {
    CompletableFuture<T> result = new CompletableFuture<>();
    limiter
        .checkAsync(request)
        .whenComplete(
            (decision, failure) -> {
              if (failure != null) {
                result.completeExceptionally(failure);
              } else if (!decision.isAllowed()) {
                result.completeExceptionally(new RateLimitExceededException(decision));
              } else {
                inTurn(request, decision, making, result);
              }
            });
    return result;
  }

  private <T> void inTurn(
      Request request, Decision decision, Making<T> making, CompletableFuture<T> result) {
    if (decision.delayMillis() > maxWait.toMillis()) {
      result.completeExceptionally(
          new RateLimitExceededException(decision.asTooLate(maxWait.toMillis())));
      giveBack(request, decision);
    } else if (decision.delayMillis() > 0) {
      later(request, decision, making, result);
    } else {
      unlessCancelled(request, decision, making, result);
    }
  }

  private <T> void later(
      Request request, Decision decision, Making<T> making, CompletableFuture<T> result) {
    AtomicBoolean settled = new AtomicBoolean();
    var unused =
        result.whenComplete(
            (value, failure) -> {
              // Nobody waits for the turn any more, and there is somebody else to have it.
              if (settled.compareAndSet(false, true)) {
                giveBack(request, decision);
              }
            });
    try {
      delays
          .after(Duration.ofMillis(decision.delayMillis()))
          .execute(
              () -> {
                if (settled.compareAndSet(false, true)) {
                  making.make(decision, result);
                }
              });
    } catch (RuntimeException e) {
      // An executor that takes nothing any more: the call will never be made.
      result.completeExceptionally(e);
    }
  }

  private <T> void unlessCancelled(
      Request request, Decision decision, Making<T> making, CompletableFuture<T> result) {
    if (result.isDone()) {
      giveBack(request, decision);
    } else {
      making.make(decision, result);
    }
  }

  private static <T> void make(
      Supplier<? extends CompletionStage<T>> call, CompletableFuture<T> result) {
    try {
      call.get()
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

  /** Nobody waits for the answer. */
  private void giveBack(Request request, Decision decision) {
    if (Turns.isRefundable(request, decision)) {
      var unused = limiter.refundAsync(request, decision.nowMillis());
    }
  }

  @Override
  public String toString() {
    return "AsyncGuard[" + limiter + Turns.text(maxWait) + "]";
  }
}
