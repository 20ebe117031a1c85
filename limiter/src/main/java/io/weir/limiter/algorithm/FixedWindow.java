package io.weir.limiter.algorithm;

/**
 * Fixed window: at most {@code requests} tokens in each window of {@code period} milliseconds,
 * windows aligned to the epoch.
 *
 * <p><b>Derivation.</b> The window of a time t starts at {@code t - t mod period}; the state is the
 * count of the window of the last admission. Nothing is multiplied, so every limit that fits a
 * {@code long} is exact.
 *
 * <p><b>Bound.</b> Never more than {@code requests} in an aligned window. Across a boundary up to
 * twice that can be admitted within a moment: the price of the cheapest state.
 *
 * <p><b>Cost.</b> A division and a comparison. Two numbers of state: 13 bytes as a row of "100 a
 * minute", limit included.
 *
 * <p><b>Choose it</b> for quotas that people count by the calendar ("1,000 a day"), for
 * compatibility with envoyproxy/ratelimit, whose windows these are (month 30 days, year 365 days).
 *
 * <p><b>Source.</b> envoyproxy/ratelimit, fixed window over {@code unix time / divider}; unlike
 * there, a denied request takes nothing.
 */
public final class FixedWindow implements Algorithm<FixedWindowState> {
  /** Only while the window that they were taken in runs. */
  @Override
  public FixedWindowState refund(
      Limit limit, FixedWindowState state, long takenAtMillis, long cost) {
    boolean isSameWindow =
        Windows.startMillis(takenAtMillis, limit.periodMillis())
            == Windows.startMillis(state.lastMillis(), limit.periodMillis());
    return isSameWindow
        ? new FixedWindowState(state.count() - Math.min(state.count(), cost), state.lastMillis())
        : state;
  }

  private static final FixedWindowState INITIAL = new FixedWindowState(0, 0);

  @Override
  public String name() {
    return "fixed_window";
  }

  @Override
  public Class<FixedWindowState> stateType() {
    return FixedWindowState.class;
  }

  @Override
  public boolean supportsBurst() {
    return false;
  }

  /** Every window is exact. */
  @Override
  public void validate(long requests, long periodMillis, long burst) {}

  @Override
  public FixedWindowState initial() {
    return INITIAL;
  }

  @Override
  public Outcome<FixedWindowState> check(
      Limit limit, FixedWindowState state, long nowMillis, long cost) {
    if (cost > limit.requests()) {
      return new Outcome.NeverFits<>();
    }
    long start = Windows.startMillis(nowMillis, limit.periodMillis());
    long count = Windows.current(start, state.count(), state.lastMillis());
    if (count > limit.requests() - cost) {
      return new Outcome.Denied<>(start + limit.periodMillis());
    }
    return new Outcome.Admitted<>(new FixedWindowState(count + cost, nowMillis), 0);
  }

  @Override
  public Usage usage(Limit limit, FixedWindowState state, long nowMillis) {
    long start = Windows.startMillis(nowMillis, limit.periodMillis());
    long count = Windows.current(start, state.count(), state.lastMillis());
    return new Usage(
        Math.max(0, limit.requests() - count),
        count == 0 ? nowMillis : start + limit.periodMillis());
  }

  @Override
  public long idleFromMillis(Limit limit, FixedWindowState state) {
    return state.count() == 0
        ? state.lastMillis()
        : Windows.endMillis(state.lastMillis(), limit.periodMillis());
  }

  /**
   * While the old window runs, its count stays: in the new window that holds the last admission.
   */
  @Override
  public FixedWindowState carryOver(Limit from, FixedWindowState state, Limit to, long nowMillis) {
    long oldStart = Windows.startMillis(nowMillis, from.periodMillis());
    return new FixedWindowState(
        Windows.current(oldStart, state.count(), state.lastMillis()), state.lastMillis());
  }
}
