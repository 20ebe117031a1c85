package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import java.time.Duration;

/**
 * Hears what a limiter does. Every method does nothing unless it is overridden.
 *
 * <p>It is called on the thread of the call or on the timer's, without any lock, so it may use the
 * limiter; it should return soon. What it throws is logged and goes no further. Calls of several
 * threads may come at once and out of order.
 */
public interface OutboundListener {

  /**
   * The listener of one limiter, executor or client that is built, which hears what that one and
   * its parts do: this one unless it is overridden, by who needs to tell those of one name apart.
   * Who passes on to other listeners asks them, too.
   *
   * @param limiter name of what is built
   */
  default OutboundListener of(String limiter) {
    return this;
  }

  /**
   * Tokens were taken, and a call may start.
   *
   * @param limiter name of the limiter
   * @param tokens how many
   * @param waited how long the call waited for them
   */
  default void onAcquired(String limiter, long tokens, Duration waited) {}

  /**
   * A call has to wait. Who only asks, by {@link OutboundRateLimiter#acquire} or {@code
   * tryAcquire}, waits for nothing, so nothing is told.
   */
  default void onWait(OutboundWait wait) {}

  /**
   * Tokens that were taken went back, as the call was given up between its turn and its start.
   *
   * @param limiter name of the limiter
   * @param tokens what the call had taken; where the bucket was full meanwhile, fewer are there
   */
  default void onGivenBack(String limiter, long tokens) {}

  /**
   * A call was refused and took nothing.
   *
   * @param limiter name of the limiter
   * @param tokens what it wanted
   * @param why what it fails with
   */
  default void onRejected(String limiter, long tokens, RuntimeException why) {}

  /**
   * The limit changed: by {@code updateRateLimit}, or because the server said so.
   *
   * @param limiter name of the limiter
   */
  default void onLimitChanged(String limiter, Limit from, Limit to) {}

  /**
   * A limiter, an executor or a client was closed, and with it all that was named after it: the
   * parts of {@link EndpointRateLimiter} have its name, a space and their pattern. What others of
   * the same name do is told as before.
   *
   * @param limiter name of what was closed
   */
  default void onClosed(String limiter) {}
}
