package io.weir.limiter.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One limit of one identifier as a store keeps it: the row as it was last written, which only an
 * admission rewrites. Hides the type of the state.
 */
final class Row {
  /** What a step says, without the state. Both empty: it never fits. */
  record Answer(OptionalLong delayMillis, OptionalLong readyAtMillis) {
    boolean admitted() {
      return delayMillis.isPresent();
    }

    boolean denied() {
      return readyAtMillis.isPresent();
    }

    boolean neverFits() {
      return !admitted() && !denied();
    }
  }

  private Optional<StoredLimit> stored;

  private Row(Optional<StoredLimit> stored) {
    this.stored = stored;
  }

  static Row absent() {
    return new Row(Optional.empty());
  }

  static Row of(StoredLimit stored) {
    return new Row(Optional.of(stored));
  }

  void forget() {
    stored = Optional.empty();
  }

  Optional<StoredLimit> stored() {
    return stored;
  }

  /** Judges and charges. */
  Answer check(Limit limit, long nowMillis, long cost) {
    return step(limit.algorithm(), limit, nowMillis, cost, true);
  }

  /** Judges, and charges as a hold. */
  Answer hold(Limit limit, long nowMillis, long cost, HoldId id, HoldBounds bounds) {
    Answer answer = check(limit, nowMillis, cost);
    if (answer.admitted()) {
      stored = stored.map(row -> row.holding(id, nowMillis, cost, bounds));
    }
    return answer;
  }

  /** Gives back what is held, if it is. */
  void release(HoldId id) {
    stored = stored.map(row -> row.released(id).orElse(row));
  }

  /** Gives tokens back, if there is a row. */
  void refund(long takenAtMillis, long cost) {
    stored = stored.map(row -> row.refunded(takenAtMillis, cost));
  }

  /** Judges only. */
  Answer ask(Limit limit, long nowMillis, long cost) {
    return step(limit.algorithm(), limit, nowMillis, cost, false);
  }

  boolean admits(Limit limit, long nowMillis, long cost) {
    return ask(limit, nowMillis, cost).admitted();
  }

  Usage usage(Limit limit, long nowMillis) {
    return usage(limit.algorithm(), limit, nowMillis);
  }

  long lastMillis() {
    return stored.map(row -> row.state().lastMillis()).orElse(0L);
  }

  long idleFromMillis() {
    return stored.map(StoredLimit::idleFromMillis).orElse(0L);
  }

  private <S extends LimitState> Answer step(
      Algorithm<S> algorithm, Limit limit, long nowMillis, long cost, boolean write) {
    Outcome<S> outcome =
        algorithm.check(limit, state(algorithm, limit, nowMillis), nowMillis, cost);
    if (outcome instanceof Outcome.Admitted<S> admitted) {
      if (write) {
        stored =
            Optional.of(
                stored
                    .map(row -> row.charged(limit, admitted.next(), nowMillis))
                    .orElseGet(() -> new StoredLimit(limit, admitted.next())));
      }
      return new Answer(OptionalLong.of(admitted.delayMillis()), OptionalLong.empty());
    }
    if (outcome instanceof Outcome.Denied<S> denied) {
      return new Answer(OptionalLong.empty(), OptionalLong.of(denied.readyAtMillis()));
    }
    assertThat(outcome).isEqualTo(new Outcome.NeverFits<S>());
    return new Answer(OptionalLong.empty(), OptionalLong.empty());
  }

  private <S extends LimitState> Usage usage(Algorithm<S> algorithm, Limit limit, long nowMillis) {
    return algorithm.usage(limit, state(algorithm, limit, nowMillis), nowMillis);
  }

  private <S extends LimitState> S state(Algorithm<S> algorithm, Limit limit, long nowMillis) {
    if (stored.isEmpty()) {
      return algorithm.initial();
    }
    S state = algorithm.stateType().cast(stored.get().state());
    Limit from = stored.get().limit();
    return from.equals(limit) ? state : algorithm.carryOver(from, state, limit, nowMillis);
  }
}
