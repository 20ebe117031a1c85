package io.weir.limiter.algorithm;

import java.util.List;

/** An algorithm of a user's own: so many requests, ever. */
public final class CountdownAlgorithm implements Algorithm<CustomState> {
  private final String name;

  public CountdownAlgorithm() {
    this("countdown");
  }

  public CountdownAlgorithm(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Class<CustomState> stateType() {
    return CustomState.class;
  }

  @Override
  public boolean supportsBurst() {
    return false;
  }

  @Override
  public void validate(long requests, long periodMillis, long burst) {}

  @Override
  public CustomState initial() {
    return new CustomState(List.of(0L), 0);
  }

  @Override
  public Outcome<CustomState> check(Limit limit, CustomState state, long nowMillis, long cost) {
    long taken = state.values().get(0) + cost;
    return taken > limit.requests()
        ? new Outcome.NeverFits<>()
        : new Outcome.Admitted<>(new CustomState(List.of(taken), nowMillis), 0);
  }

  @Override
  public Usage usage(Limit limit, CustomState state, long nowMillis) {
    return new Usage(limit.requests() - state.values().get(0), nowMillis);
  }

  @Override
  public long idleFromMillis(Limit limit, CustomState state) {
    return LimitState.MAX_TIME_MILLIS;
  }

  @Override
  public CustomState carryOver(Limit from, CustomState state, Limit to, long nowMillis) {
    return state;
  }
}
