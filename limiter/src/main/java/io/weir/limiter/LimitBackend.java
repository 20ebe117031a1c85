package io.weir.limiter;

import io.weir.limiter.rule.Match;

/**
 * Where the state of limits lives: the one thing to implement for another kind of storage. A
 * backend has a time of its own and judges as {@link Judge} does. Implementations are thread-safe
 * and pass the compatibility kit ({@code io.weir.limiter.tck}, classifier {@code tck}).
 */
public interface LimitBackend extends AutoCloseable {

  /**
   * Judges one request atomically: no other request sees its state half charged, and of two
   * requests for the last token one is denied.
   *
   * @param match the limits to judge by, at least one identifier
   * @param cost tokens the request takes, 0 or more; 0 peeks
   * @throws IllegalArgumentException if the match holds no limit
   */
  Decision judge(Match match, long cost);

  /** Gives up what the backend holds; using it afterwards is an error. */
  @Override
  void close();
}
