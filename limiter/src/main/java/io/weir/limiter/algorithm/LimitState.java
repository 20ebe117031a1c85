package io.weir.limiter.algorithm;

/**
 * What an algorithm remembers of one limit of one identifier. Immutable.
 *
 * <p>The built-in algorithms have a record each; an algorithm of the user's own keeps its state in
 * {@link CustomState}. Bytes are the business of the {@code codec} package alone.
 */
public sealed interface LimitState
    permits TokenBucketState,
        LeakyBucketState,
        FixedWindowState,
        SlidingWindowLogState,
        SlidingWindowCounterState,
        CustomState {

  /** The latest time that can be counted with, in milliseconds since the epoch. */
  long MAX_TIME_MILLIS = 1L << 61;

  /**
   * The time of the last admission, in milliseconds since the epoch; 0 in the state of an
   * identifier never seen, which is the same as one last seen at the epoch. What is given back does
   * not change it.
   */
  long lastMillis();
}
