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
   * @throws IllegalArgumentException if the state is not one of the limit's algorithm
   */
  public StoredLimit {
    if (!limit.algorithm().stateType().isInstance(state)) {
      throw new IllegalArgumentException(
          state.getClass().getSimpleName() + " is no state of " + limit.algorithm().name());
    }
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
