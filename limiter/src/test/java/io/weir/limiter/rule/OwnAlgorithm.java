package io.weir.limiter.rule;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.CustomState;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Outcome;
import io.weir.limiter.algorithm.Usage;
import java.util.List;

/** An algorithm of a user's own, which admits whatever its limit's requests hold at once. */
public final class OwnAlgorithm implements Algorithm<CustomState> {
  @Override
  public String name() {
    return "own";
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
    return new CustomState(List.of(), 0);
  }

  @Override
  public Outcome<CustomState> check(Limit limit, CustomState state, long nowMillis, long cost) {
    return cost > limit.requests()
        ? new Outcome.NeverFits<>()
        : new Outcome.Admitted<>(new CustomState(List.of(), nowMillis), 0);
  }

  @Override
  public Usage usage(Limit limit, CustomState state, long nowMillis) {
    return new Usage(limit.requests(), nowMillis);
  }

  @Override
  public long idleFromMillis(Limit limit, CustomState state) {
    return 0;
  }

  @Override
  public CustomState carryOver(Limit from, CustomState state, Limit to, long nowMillis) {
    return state;
  }
}
