package io.weir.limiter.algorithm;

/**
 * What one step of an algorithm says.
 *
 * @param <S> the algorithm's state
 */
public sealed interface Outcome<S extends LimitState> {

  /** How long who is admitted should wait for a turn, in milliseconds; 0 for others. */
  default long delayMillis() {
    return 0;
  }

  /**
   * The cost fits.
   *
   * @param next the state after the cost was taken
   * @param delayMillis how long the request should wait for its turn, in milliseconds, rounded up;
   *     0 for every algorithm but the leaky bucket
   */
  record Admitted<S extends LimitState>(S next, long delayMillis) implements Outcome<S> {}

  /**
   * The cost does not fit now; nothing is taken.
   *
   * @param readyAtMillis the earliest whole millisecond since the epoch at which the same cost
   *     would be admitted if nothing else were taken meanwhile; later than the step's {@code now}
   */
  record Denied<S extends LimitState>(long readyAtMillis) implements Outcome<S> {}

  /** The cost is above what the limit can ever admit; waiting does not help. */
  record NeverFits<S extends LimitState>() implements Outcome<S> {}
}
