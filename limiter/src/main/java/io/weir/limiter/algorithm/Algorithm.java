package io.weir.limiter.algorithm;

/**
 * One rate limiting algorithm as pure steps: from limit, state, time and cost to an outcome and the
 * next state. No clock, no store, no I/O; implementations are stateless, thread-safe, and equal to
 * others of the same name for all purposes.
 *
 * <p>Times are milliseconds since the epoch, from 0 to {@link LimitState#MAX_TIME_MILLIS}; {@code
 * nowMillis} is never before {@link LimitState#lastMillis()} of the state that comes with it: the
 * caller sees to that. The {@code limit} has passed {@link #validate}, and its {@code requests} may
 * be 0, which admits nothing.
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

  /**
   * Checks that a state can be counted with under a limit. Called wherever the two are brought
   * together, rows read from a store included, so it should be quick.
   *
   * @throws IllegalArgumentException with a sentence that says which number is impossible
   */
  default void validateState(Limit limit, S state) {}

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
   * The earliest whole millisecond, not before {@link LimitState#lastMillis()}, from which on this
   * state decides exactly as {@link #initial()} does: from then on the row can be forgotten.
   */
  long idleFromMillis(Limit limit, S state);

  /**
   * The state to judge by, at {@code nowMillis}, after the limit's numbers changed: what was used
   * stays used, in absolute numbers, and roundings go against the request.
   *
   * <p>A row does not tell when its limit changed, and a denied request does not rewrite it: the
   * same row may be carried over again and again. So two things hold, whenever it is done:
   *
   * <ul>
   *   <li>What is idle under the old numbers counts for nothing: it makes no difference whether the
   *       row was already forgotten.
   *   <li>What the new numbers free in time since the last admission stays free: a wait that is
   *       reported is enough, even though the next request carries the old row over once more.
   *       Until the first admission under the new numbers, less may be enough.
   * </ul>
   *
   * <p>The result is for judging at {@code nowMillis}; its {@code lastMillis} may be that time
   * instead of the last admission's.
   *
   * @param from the limit that the state was written under
   * @param state the state
   * @param to the limit now in force, of this same algorithm
   * @param nowMillis the time to judge at
   */
  S carryOver(Limit from, S state, Limit to, long nowMillis);

  /**
   * The state after tokens came back that were taken at a time, by the word of who took them. Never
   * more comes back than is used and still counts; an algorithm that cannot tell gives nothing
   * back, and that is the default.
   *
   * <p>The result's {@link LimitState#lastMillis()} is that of the state: a time that went back
   * would let late requests be judged as if what was forgotten since had never been.
   *
   * @param takenAtMillis the time that they were taken at, in milliseconds since the epoch, 0 or
   *     more; a time at which nothing was taken gives nothing back where the algorithm keeps times
   * @param cost tokens, above 0
   */
  default S refund(Limit limit, S state, long takenAtMillis, long cost) {
    return state;
  }

  /**
   * How much is used at {@code nowMillis}, in units of the algorithm's own. Only needed where
   * {@link #release} asks for the least that was used since a hold; else 0.
   */
  default long used(Limit limit, S state, long nowMillis) {
    return 0;
  }

  /**
   * The state as if a hold had never been, or one that leaves less room: after what was admitted
   * since, it must not admit what the other could not. By default a hold is given back as a refund.
   */
  default S release(Limit limit, S state, Hold hold) {
    return refund(limit, state, hold.atMillis(), hold.cost());
  }
}
