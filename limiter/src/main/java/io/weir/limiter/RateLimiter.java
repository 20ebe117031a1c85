package io.weir.limiter;

import io.weir.limiter.rule.RuleSet;
import java.time.InstantSource;
import java.util.concurrent.Callable;

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

  /**
   * Judges one request whose descriptors are spelt out, all of them together: if one refuses,
   * nothing is charged. Descriptors that have the same state are judged by what they cost together.
   *
   * @return the decision and how each descriptor stands; never one that is partly charged
   * @throws IllegalStateException if the limiter is closed
   */
  DescriptorsDecision checkDescriptors(DescriptorsRequest request);

  /**
   * Gives back what a request took: by the caller's word, all of its cost or a part of it, such as
   * that of a call that was never made. It goes to all limits that match the request now, shadows
   * and quotas too: one that was exhausted and so was not charged gets more back than was taken.
   * Afterwards as many tokens can be admitted beyond each limit as were given back, and no more.
   *
   * <p>How much comes back, limit by limit, is never more than is used:
   *
   * <ul>
   *   <li>token bucket: the cost, up to a full bucket;
   *   <li>fixed window and sliding window counter: the cost, where the window of the charge still
   *       counts, up to what was taken in it;
   *   <li>sliding window log: what was taken in the millisecond of the charge, up to the cost;
   *   <li>leaky bucket: the cost, if nobody was admitted later: who came behind has a turn.
   * </ul>
   *
   * @param request the request that took the tokens, its cost what comes back of them
   * @param chargedAtMillis {@link Decision#nowMillis()} of its decision. Another time gives nothing
   *     back where the algorithm goes by it
   * @return the statuses of all limits as they stand afterwards, {@link Reason#REFUNDED}; where no
   *     limit applies, or no identifier can be made, what {@link #check} answers then
   * @throws IllegalArgumentException if the cost is 0, or the time below 0
   * @throws IllegalStateException if the limiter is closed
   */
  Decision refund(Request request, long chargedAtMillis);

  /**
   * Forgets all that is remembered of the identifiers that the request names: those of every
   * first-level descriptor of the rules that its attributes meet. What was used goes whatever the
   * limit: also below endpoints that the request does not name, and under rules that have been
   * deleted or changed since. Afterwards each is like an identifier never seen.
   *
   * @param request whom to forget; its cost means nothing
   * @return the statuses of the limits that the request would be judged by, if there are any, all
   *     of them full: {@link Reason#RESET}; {@link Reason#NO_RULE} where no first-level descriptor
   *     is met, and {@link Reason#INVALID_REQUEST} where one is met with an empty value, which
   *     names nobody: then nothing is forgotten
   * @throws IllegalStateException if the limiter is closed
   */
  Decision reset(Request request);

  /**
   * Makes a call if the request is allowed, in its turn where a leaky bucket gives it one: {@link
   * Guard}, with its defaults.
   *
   * @return what the call returns
   * @throws RateLimitExceededException if the request is denied; then no call was made
   * @throws InterruptedException if the thread was interrupted while it waited for its turn; then
   *     no call was made and the tokens are given back
   * @throws Exception what the call throws
   * @throws IllegalStateException if the limiter is closed
   */
  default <T> T guard(Request request, Callable<T> call) throws Exception {
    return Guard.of(this).call(request, call);
  }

  /** Gives up what the limiter holds; checks afterwards fail. */
  @Override
  void close();
}
