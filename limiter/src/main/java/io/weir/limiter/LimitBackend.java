package io.weir.limiter;

import io.weir.limiter.rule.Match;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the state of limits lives: the one thing to implement for another kind of storage. A
 * backend has a time of its own and judges as {@link Judge} does. One that has to wait for its
 * state overrides the methods that return stages; who asks those must not be held up.
 * Implementations are thread-safe and pass the compatibility kit ({@code io.weir.limiter.tck},
 * classifier {@code tck}).
 */
public interface LimitBackend extends AutoCloseable {

  /**
   * Judges one request atomically: no other request sees its state half charged, and of two
   * requests for the last token one is denied. Only a backend whose identifiers are in several
   * places may show others what is held for a request with several of them, until it is decided.
   *
   * @param match the limits to judge by, at least one identifier
   * @param cost tokens the request takes, 0 or more; 0 peeks
   * @throws IllegalArgumentException if the match holds no limit
   */
  Decision judge(Match match, long cost);

  /**
   * Gives back what a request took, atomically, as {@link Judge#refund} says.
   *
   * @param match the limits that took it, at least one identifier
   * @param cost the tokens that came back, 1 or more
   * @param chargedAtMillis the time that the request was judged at, in milliseconds since the epoch
   * @throws IllegalArgumentException if the match holds no limit, or a number is out of range
   * @throws BackendUnavailableException if it cannot be done, or nobody knows whether it was
   */
  Decision refund(Match match, long cost, long chargedAtMillis);

  /**
   * Forgets all that is remembered of the identifiers, atomically: the rows of all their limits,
   * also of those that are not in the match and of those that no rule has any more. Afterwards each
   * is like one never seen. What it answers is {@link Judge#reset}'s.
   *
   * @param match the identifiers, at least one, and the limits to report; there may be none
   * @throws IllegalArgumentException if the match names no identifier
   * @throws BackendUnavailableException if it cannot be done, or nobody knows whether it was
   */
  Decision reset(Match match);

  /** {@link #judge}, without holding up who asks. */
  default CompletionStage<Decision> judgeAsync(Match match, long cost) {
    return CompletableFuture.completedFuture(judge(match, cost));
  }

  /** {@link #refund}, without holding up who asks. */
  default CompletionStage<Decision> refundAsync(Match match, long cost, long chargedAtMillis) {
    return CompletableFuture.completedFuture(refund(match, cost, chargedAtMillis));
  }

  /** {@link #reset}, without holding up who asks. */
  default CompletionStage<Decision> resetAsync(Match match) {
    return CompletableFuture.completedFuture(reset(match));
  }

  /** Gives up what the backend holds; using it afterwards is an error. */
  @Override
  void close();
}
