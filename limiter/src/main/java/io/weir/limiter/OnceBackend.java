package io.weir.limiter;

import io.weir.limiter.rule.Match;
import java.util.concurrent.CompletionStage;

/**
 * A backend that can remember which requests it has charged, so that one which comes again is
 * charged once. Implementations are thread-safe.
 */
public interface OnceBackend extends LimitBackend {

  /**
   * Judges a request that may come again, without holding up who asks: once it was charged, it is
   * answered by what was decided then, and charged no more. One that is denied, or peeks, is judged
   * anew each time. So is one whose identifiers are in several places where the backend has no one
   * place to remember it in: that is charged each time that it comes.
   *
   * @param match the limits to judge by, at least one identifier
   * @param cost tokens the request takes, 0 or more; 0 peeks
   */
  CompletionStage<OnceDecision> judgeOnceAsync(Match match, long cost, Once once);

  /**
   * Gives back what a request took, once: {@link #judgeOnceAsync}. The stage fails as that of
   * {@link #refundAsync} does.
   *
   * @param match the limits that took it, at least one identifier
   * @param cost the tokens that came back, 1 or more
   * @param chargedAtMillis the time that the request was judged at, in milliseconds since the epoch
   */
  CompletionStage<OnceDecision> refundOnceAsync(
      Match match, long cost, long chargedAtMillis, Once once);

  /**
   * Forgets all that is remembered of the identifiers, once: {@link #judgeOnceAsync}. The stage
   * fails as that of {@link #resetAsync} does.
   *
   * @param match the identifiers, at least one, and the limits to report; there may be none
   */
  CompletionStage<OnceDecision> resetOnceAsync(Match match, Once once);
}
