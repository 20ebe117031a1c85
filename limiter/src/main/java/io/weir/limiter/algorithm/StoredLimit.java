package io.weir.limiter.algorithm;

import java.util.List;
import java.util.Optional;

/**
 * One row of state: what is remembered of one limit of one identifier, and the numbers it was
 * written under.
 *
 * @param limit the limit whose algorithm and numbers wrote the state
 * @param state the state, of the algorithm's {@code stateType}; what is held counts in it as taken
 * @param holds what may still be given back, in the order in which it was taken
 */
public record StoredLimit(Limit limit, LimitState state, List<Hold> holds) {

  /**
   * How long and how many tokens are held for.
   *
   * @param maxAgeMillis after so many milliseconds a hold is for good
   * @param maxCount of more than so many in one row, the oldest are for good
   */
  public record HoldBounds(long maxAgeMillis, int maxCount) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is not above 0
     */
    public HoldBounds {
      if (maxAgeMillis < 1 || maxCount < 1) {
        throw new IllegalArgumentException(
            "holds last " + maxAgeMillis + " ms and are " + maxCount + "; both must be above 0");
      }
    }
  }

  /**
   * Checks that they belong together.
   *
   * @throws IllegalArgumentException if the state is not one of the limit's algorithm, or cannot be
   *     counted with under the limit
   */
  public StoredLimit {
    validate(limit.algorithm(), limit, state);
    holds = List.copyOf(holds);
  }

  /** A row without holds. */
  public StoredLimit(Limit limit, LimitState state) {
    this(limit, state, List.of());
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
   * does: from then on it can be forgotten. Nothing is left to give back then, either.
   */
  public long idleFromMillis() {
    return idleFromMillis(limit.algorithm());
  }

  private <S extends LimitState> long idleFromMillis(Algorithm<S> algorithm) {
    return algorithm.idleFromMillis(limit, algorithm.stateType().cast(state));
  }

  /**
   * The row after a charge.
   *
   * @param under the limit in force; where it is another one than the row's, all holds are for good
   * @param next the state after the charge
   * @param nowMillis the time of the charge, not before the last one
   */
  public StoredLimit charged(Limit under, LimitState next, long nowMillis) {
    if (holds.isEmpty() || !limit.equals(under)) {
      return new StoredLimit(under, next);
    }
    return new StoredLimit(under, next, Holds.seen(holds, used(limit.algorithm(), nowMillis)));
  }

  /**
   * This row, just charged, with that charge as a hold.
   *
   * @param nowMillis the time of the charge
   */
  public StoredLimit holding(HoldId id, long nowMillis, long cost, HoldBounds bounds) {
    Hold hold = new Hold(id, nowMillis, cost, used(limit.algorithm(), nowMillis));
    List<Hold> open = Holds.open(holds, nowMillis, bounds.maxAgeMillis());
    return new StoredLimit(limit, state, Holds.with(open, hold, bounds.maxCount()));
  }

  /** Whether it holds tokens for that request. */
  public boolean isHolding(HoldId id) {
    return Holds.find(holds, id).isPresent();
  }

  /**
   * The row as if the request had never been, or one that leaves less room.
   *
   * @return empty where nothing is held for it: not any more, or never
   */
  public Optional<StoredLimit> released(HoldId id) {
    return Holds.find(holds, id).map(hold -> released(limit.algorithm(), hold));
  }

  private <S extends LimitState> StoredLimit released(Algorithm<S> algorithm, Hold hold) {
    S before = algorithm.stateType().cast(state);
    S after = algorithm.release(limit, before, hold);
    long lastMillis = state.lastMillis();
    long given =
        algorithm.used(limit, before, lastMillis) - algorithm.used(limit, after, lastMillis);
    return new StoredLimit(limit, after, Holds.without(holds, hold, given));
  }

  /** The row with the tokens that it holds for a request taken for good. */
  public StoredLimit settled(HoldId id) {
    return new StoredLimit(
        limit, state, holds.stream().filter(hold -> !hold.id().equals(id)).toList());
  }

  /**
   * The row after tokens came back by the word of who took them. It stays under its own limit and
   * keeps its time.
   *
   * @param takenAtMillis when they were taken, in milliseconds since the epoch, 0 or more
   * @param cost how many, above 0
   */
  public StoredLimit refunded(long takenAtMillis, long cost) {
    return refunded(limit.algorithm(), takenAtMillis, cost);
  }

  private <S extends LimitState> StoredLimit refunded(
      Algorithm<S> algorithm, long takenAtMillis, long cost) {
    S after = algorithm.refund(limit, algorithm.stateType().cast(state), takenAtMillis, cost);
    long used = algorithm.used(limit, after, after.lastMillis());
    return new StoredLimit(limit, after, Holds.seen(holds, used));
  }

  private <S extends LimitState> long used(Algorithm<S> algorithm, long nowMillis) {
    return algorithm.used(limit, algorithm.stateType().cast(state), nowMillis);
  }
}
