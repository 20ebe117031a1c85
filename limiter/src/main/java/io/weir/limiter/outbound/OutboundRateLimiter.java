package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lets calls start no faster than a limit. Calls that must wait do so in arrival order: nobody
 * overtakes, not even one that wants fewer tokens. Thread-safe.
 *
 * <p>What all methods that take tokens have in common:
 *
 * <ul>
 *   <li>{@code tokens} is what a call costs, 1 or more. Above the limit's burst it could never
 *       start, and the method throws IllegalArgumentException.
 *   <li>{@code deadline} is the longest time that the call may wait to start, 0 or more. If the
 *       wait, as things stand, is longer, the call fails at once with {@link
 *       RateLimitWaitException} and takes nothing; if it just fits, it waits. When the wait no
 *       longer fits, because the limit was lowered or a timer was late, it fails then, and never
 *       starts past its deadline. Methods without a deadline use the setting {@code maxWait}.
 *   <li>If as many calls wait as may, it fails with {@link OutboundRejectedException}.
 *   <li>After {@link #close}, it fails with IllegalStateException.
 * </ul>
 */
public sealed interface OutboundRateLimiter extends AutoCloseable
    permits TokenBucketRateLimiter, AdaptiveRateLimiter {

  /** The name in metrics, logs and messages. */
  String name();

  /** The limit in force. */
  Limit limit();

  /**
   * Takes tokens now, or nothing.
   *
   * @return zero if the tokens were taken; else how long to wait until they could be, rounded up,
   *     after those who wait already: who asks again just then gets them, if nobody else came
   * @throws IllegalArgumentException if the tokens are not from 1 to the limit's burst
   * @throws IllegalStateException if it is closed
   */
  Duration acquire(long tokens);

  /** Takes one token if it is there and nobody waits; whether it did. */
  default boolean tryAcquire() {
    return tryAcquire(1);
  }

  /** Takes tokens if they are there and nobody waits; whether it did. */
  default boolean tryAcquire(long tokens) {
    return acquire(tokens).isZero();
  }

  /**
   * Takes tokens when it is their turn.
   *
   * @return completes when they are taken and the call may start, on the thread of the timer or of
   *     whoever made room: what depends on it must not block. Cancelling it before gives the
   *     reservation back, and who waits behind moves up. It fails as described above
   * @throws IllegalArgumentException if the tokens are not from 1 to the limit's burst
   */
  CompletableFuture<Void> reserve(long tokens, Duration deadline);

  /** Runs a call of one token on this thread when it is its turn, see the other method. */
  <T> T execute(Callable<T> call) throws Exception;

  /**
   * Runs a call on this thread when it is its turn.
   *
   * @throws InterruptedException if the thread is interrupted while it waits: the reservation is
   *     given back and nothing runs. An interruption that comes at its turn or later is left to the
   *     call to see
   * @throws Exception what the call throws, or why it does not run
   */
  <T> T execute(Callable<T> call, long tokens, Duration deadline) throws Exception;

  /** Starts an asynchronous call of one token when it is its turn, see the other method. */
  <T> CompletableFuture<T> executeAsync(Supplier<? extends CompletionStage<T>> call);

  /**
   * Starts an asynchronous call when it is its turn: at once on this thread, or later on the
   * limiter's executor.
   *
   * @return what the call completes with, or why it did not start. Cancelling it before it starts
   *     gives the reservation back, or after its turn the tokens, as far as the bucket has not been
   *     full since, and so does an executor that rejects it; later, it cancels the future of the
   *     call, and the tokens are spent. While 1,000 calls are between their turn and their start,
   *     those that come to their turn besides give nothing back
   * @throws IllegalArgumentException if the tokens are not from 1 to the limit's burst
   */
  <T> CompletableFuture<T> executeAsync(
      Supplier<? extends CompletionStage<T>> call, long tokens, Duration deadline);

  /** Tokens that could be taken now without a wait. */
  long availableTokens();

  /** How many calls wait. */
  int waiting();

  /**
   * Goes on with another limit. What was used stays used, in absolute numbers, however often it
   * changes: no sequence of limits gives more than one of the largest burst and the fastest rate
   * among them. Those who wait are rescheduled, and fail if they want more than the new burst
   * (IllegalArgumentException) or can no longer start in time ({@link RateLimitWaitException}).
   *
   * @throws IllegalArgumentException if the limit is no {@link Limit#tokenBucket}, or of 0 requests
   */
  void updateRateLimit(Limit limit);

  /**
   * Ends it: calls that wait fail with IllegalStateException and do not run; calls that run are
   * left alone.
   */
  @Override
  void close();
}
