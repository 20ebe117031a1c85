package io.weir.limiter;

import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.LimitState;
import io.weir.limiter.algorithm.StoredLimit;
import io.weir.limiter.algorithm.Usage;
import io.weir.limiter.rule.ApplicableLimit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a check, null where nothing is remembered, and what they mean for its limits. */
final class FoundRows {
  private FoundRows() {}

  static @Nullable StoredLimit[] find(Check check, Judge.Rows rows) {
    List<ApplicableLimit> limits = check.limits();
    @Nullable StoredLimit[] found = new StoredLimit[limits.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = rows.find(limits.get(i).key()).orElse(null);
    }
    return found;
  }

  /** The time that all limits of a check are judged at. */
  static long nowMillis(Check check, @Nullable StoredLimit[] found) {
    long nowMillis = Math.max(check.timestampMillis(), check.floorMillis());
    for (StoredLimit row : found) {
      if (row != null) {
        nowMillis = Math.max(nowMillis, row.state().lastMillis());
      }
    }
    return nowMillis;
  }

  /** How a limit stands. */
  static Usage usage(Limit limit, @Nullable StoredLimit row, long nowMillis) {
    return usage(limit.algorithm(), limit, row, nowMillis);
  }

  private static <S extends LimitState> Usage usage(
      Algorithm<S> algorithm, Limit limit, @Nullable StoredLimit row, long nowMillis) {
    return algorithm.usage(limit, stateUnder(algorithm, limit, row, nowMillis), nowMillis);
  }

  /**
   * The state to judge by: that of the row, carried over where it was written under other numbers,
   * and none where it was written by another algorithm.
   */
  static <S extends LimitState> S stateUnder(
      Algorithm<S> algorithm, Limit limit, @Nullable StoredLimit row, long nowMillis) {
    if (row == null || !isOf(algorithm, row)) {
      return algorithm.initial();
    }
    S state = algorithm.stateType().cast(row.state());
    Limit writtenUnder = row.limit();
    return writtenUnder.equals(limit)
        ? state
        : algorithm.carryOver(writtenUnder, state, limit, nowMillis);
  }

  /** Whether the algorithm wrote the row. */
  static boolean isOf(Algorithm<?> algorithm, StoredLimit row) {
    return row.limit().algorithm().name().equals(algorithm.name())
        && algorithm.stateType().isInstance(row.state());
  }
}
