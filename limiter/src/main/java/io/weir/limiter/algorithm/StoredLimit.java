package io.weir.limiter.algorithm;

/**
 * One row of state: what is remembered of one limit of one identifier, and the numbers it was
 * written under.
 *
 * @param limit the limit whose algorithm and numbers wrote the state
 * @param state the state, of the algorithm's {@code stateType}
 */
public record StoredLimit(Limit limit, LimitState state) {

  /**
   * Checks that the two belong together.
   *
   * @throws IllegalArgumentException if the state is not one of the limit's algorithm, or cannot be
   *     counted with under the limit
   */
  public StoredLimit {
    validate(limit.algorithm(), limit, state);
  }

  private static <S extends LimitState> void validate(
      Algorithm<S> algorithm, Limit limit, LimitState state) {
    Class<S> type = algorithm.stateType();
    if (!type.isInstance(state)) {
      throw new IllegalArgumentException(
          state.getClass().getSimpleName()
              + " is no state of "
              + algorithm.name()
              + ", which keeps a "
              + type.getSimpleName());
    }
    algorithm.validateState(limit, type.cast(state));
  }

  /**
   * The earliest whole millisecond since the epoch from which on this row decides exactly as no row
   * does: from then on it can be forgotten.
   */
  public long idleFromMillis() {
    return idleFromMillis(limit.algorithm());
  }

  private <S extends LimitState> long idleFromMillis(Algorithm<S> algorithm) {
    return algorithm.idleFromMillis(limit, algorithm.stateType().cast(state));
  }
}
