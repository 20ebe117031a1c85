package io.weir.limiter.spring;

/**
 * Gives a limiter that judges by one rule alone, for {@link RateLimited}. Thread-safe; the usual
 * one judges with the state of the bean {@link io.weir.limiter.LimitBackend}, which others who
 * judge by the same rule spend from, too.
 */
@FunctionalInterface
public interface RuleLimiters {
  /**
   * The limiter of a rule; cheap, as it is asked at each call.
   *
   * @param domain the domain; empty for the usual one
   * @param rule the name of a limit
   * @throws IllegalArgumentException if there is no such limit, with a sentence that tells which
   *     there are
   */
  RuleLimiter of(String domain, String rule);
}
