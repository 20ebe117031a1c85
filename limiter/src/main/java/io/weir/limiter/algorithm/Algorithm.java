package io.weir.limiter.algorithm;

/**
 * One rate limiting algorithm as pure steps: from limit, state, time and cost to an outcome and the
 * next state. No clock, no store, no I/O; implementations are stateless, thread-safe, and equal to
 * others of the same name for all purposes.
 *
 * <p>Times are milliseconds since the epoch and never negative; {@code nowMillis} is never before
 * {@link LimitState#lastMillis()} of the state that comes with it: the caller sees to that. The
 * {@code limit} has passed {@link #validate}, and its {@code requests} may be 0, which admits
 * nothing.
 *
 * <p>To plug in an algorithm of your own, implement {@code Algorithm<CustomState>} and add it to
 * {@link Algorithms}.
 *
 * @param <S> the algorithm's state
 */
public interface Algorithm<S extends LimitState> {

  /** The name in rules files, decisions and stored rows: lower case, digits and underscores. */
  String name();

  /** The class of the state. */
  Class<S> stateType();

  /** Whether {@link Limit#burst()} is a number of its own; if not, it must equal the requests. */
  boolean supportsBurst();

  /**
   * Checks that the algorithm can be exact for these numbers, which are those of a {@link Limit}
   * that is being made and are in range by themselves.
   *
   * @param requests requests that each period grants, 0 or more
   * @param periodMillis the period in milliseconds, above 0
   * @param burst the most that can be admitted at one instant
   * @throws IllegalArgumentException with a sentence that says which number is wrong and what would
   *     be right
   */
  void validate(long requests, long periodMillis, long burst);

  /** The state of an identifier never seen: nothing taken since the epoch. */
  S initial();

  /**
   * Judges one request.
   *
   * @param limit the limit in force; the state was written under the same numbers
   * @param state what is remembered
   * @param nowMillis the time to judge at
   * @param cost tokens the request takes, 1 or more
   */
  Outcome<S> check(Limit limit, S state, long nowMillis, long cost);

  /** How the limit stands at {@code nowMillis}. */
  Usage usage(Limit limit, S state, long nowMillis);

  /**
   * The earliest whole millisecond from which on this state decides exactly as {@link #initial()}
   * does: from then on the row can be forgotten.
   */
  long idleFromMillis(Limit limit, S state);

  /**
   * The state to judge by after the limit's numbers changed: what was used stays used, in absolute
   * numbers, rounded so that no more is admitted than either limit allows. The old numbers govern
   * the time up to {@code nowMillis}, so that it makes no difference whether a row idle under them
   * was already forgotten.
   *
   * @param from the limit that the state was written under
   * @param state the state
   * @param to the limit now in force, of this same algorithm
   * @param nowMillis the time of the change as far as this identifier is concerned
   */
  S carryOver(Limit from, S state, Limit to, long nowMillis);
}
