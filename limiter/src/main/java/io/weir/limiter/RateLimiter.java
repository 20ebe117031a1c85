package io.weir.limiter;

import io.weir.limiter.rule.RuleSet;
import java.time.InstantSource;

/**
 * Judges requests by rules, now. Implementations are thread-safe.
 *
 * <p>A decision is atomic: all limits of the request are judged together, and either all that the
 * verdict charges are charged or none is.
 */
public interface RateLimiter extends AutoCloseable {

  /**
   * A limiter that keeps its state on the heap, with the defaults of {@link InMemoryBackend}. Who
   * wants other settings, or rules that change, builds a {@link RuleBasedRateLimiter}.
   */
  static RateLimiter inMemory(RuleSet rules) {
    return new RuleBasedRateLimiter(
        () -> rules, InMemoryBackend.builder().build(), InstantSource.system());
  }

  /**
   * Judges one request at the limiter's own time. A request that no identifier can be made for,
   * such as one with an empty user id where users are limited, is denied as {@link
   * Reason#INVALID_REQUEST}.
   *
   * @return the decision; never one that is partly charged
   * @throws IllegalStateException if the limiter is closed
   */
  Decision check(Request request);

  /** Gives up what the limiter holds; checks afterwards fail. */
  @Override
  void close();
}
