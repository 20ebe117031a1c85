package io.weir.limiter;

/**
 * Judges requests by rules, now. Implementations are thread-safe.
 *
 * <p>A decision is atomic: all limits of the request are judged together, and either all that the
 * verdict charges are charged or none is.
 */
public interface RateLimiter {

  /**
   * Judges one request at the limiter's own time.
   *
   * @return the decision; never one that is partly charged
   * @throws IllegalStateException if the limiter is closed
   */
  Decision check(Request request);
}
