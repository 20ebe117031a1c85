package io.weir.limiter.algorithm;

/**
 * Sliding window counter: an estimate of the sliding window from two fixed ones. The window before
 * the current one counts by the share of it that the sliding window still covers.
 *
 * <p><b>Derivation.</b> At e milliseconds into the current window, {@code estimate = previous *
 * (period - e) / period + current}. Multiplied by the period everything is whole: a request is
 * admitted if {@code previous * (period - e) + (current + cost) * period <= requests * period}. No
 * rounding happens at all, only limits whose product does not fit a {@code long} are refused.
 *
 * <p><b>Bound.</b> The estimate never exceeds {@code requests}. It equals what was really admitted
 * where traffic in the previous window was even; at worst, all of it late in that window, up to
 * nearly twice the limit can fall into one sliding window, and all of it early, too much is denied
 * for up to a period.
 *
 * <p><b>Cost.</b> A few multiplications; four numbers of state, whatever the limit.
 *
 * <p><b>Choose it</b> for large limits where {@link SlidingWindowLog} would need too much state and
 * {@link FixedWindow} too generous boundaries.
 *
 * <p><b>Source.</b> Cloudflare, "How we built rate limiting capable of scaling to millions of
 * domains" (2017).
 */
public final class SlidingWindowCounter implements Algorithm<SlidingWindowCounterState> {
  private static final SlidingWindowCounterState INITIAL =
      new SlidingWindowCounterState(0, 0, 0, 0);

  @Override
  public String name() {
    return "sliding_window_counter";
  }

  @Override
  public Class<SlidingWindowCounterState> stateType() {
    return SlidingWindowCounterState.class;
  }

  @Override
  public boolean supportsBurst() {
    return false;
  }

  @Override
  public void validate(long requests, long periodMillis, long burst) {
    if (!Exact.productFits(requests, periodMillis)) {
      throw new IllegalArgumentException(
          "a sliding_window_counter of "
              + requests
              + " per "
              + periodMillis
              + " ms cannot be counted exactly; the requests must be at most "
              + Exact.MAX_SCALED / periodMillis);
    }
  }

  @Override
  public SlidingWindowCounterState initial() {
    return INITIAL;
  }

  @Override
  public Outcome<SlidingWindowCounterState> check(
      Limit limit, SlidingWindowCounterState state, long nowMillis, long cost) {
    long requests = limit.requests();
    if (cost > requests) {
      return new Outcome.NeverFits<>();
    }
    long period = limit.periodMillis();
    SlidingWindowCounterState turned = turnedTo(limit, state, nowMillis);
    if (used(limit, turned, nowMillis) > (requests - cost) * period) {
      return new Outcome.Denied<>(readyAtMillis(limit, turned, cost));
    }
    return new Outcome.Admitted<>(
        new SlidingWindowCounterState(
            turned.windowStartMillis(), turned.current() + cost, turned.previous(), nowMillis),
        0);
  }

  @Override
  public Usage usage(Limit limit, SlidingWindowCounterState state, long nowMillis) {
    long period = limit.periodMillis();
    SlidingWindowCounterState turned = turnedTo(limit, state, nowMillis);
    long free = limit.requests() * period - used(limit, turned, nowMillis);
    return new Usage(
        Math.max(0, free) / period, Math.max(nowMillis, idleFromMillis(limit, turned)));
  }

  @Override
  public long idleFromMillis(Limit limit, SlidingWindowCounterState state) {
    if (state.current() > 0) {
      return state.windowStartMillis() + 2 * limit.periodMillis();
    }
    return state.previous() > 0 ? state.windowStartMillis() + limit.periodMillis() : 0;
  }

  /** In the same windows the counts stay; else the old estimate counts in the current window. */
  @Override
  public SlidingWindowCounterState carryOver(
      Limit from, SlidingWindowCounterState state, Limit to, long nowMillis) {
    SlidingWindowCounterState turned = turnedTo(from, state, nowMillis);
    long most = Exact.MAX_SCALED / to.periodMillis();
    if (from.periodMillis() == to.periodMillis()) {
      return new SlidingWindowCounterState(
          turned.windowStartMillis(),
          Math.min(turned.current(), most),
          Math.min(turned.previous(), most),
          turned.lastMillis());
    }
    long estimate = Exact.divideRoundingUp(used(from, turned, nowMillis), from.periodMillis());
    return new SlidingWindowCounterState(
        Windows.startMillis(nowMillis, to.periodMillis()),
        Math.min(estimate, most),
        0,
        turned.lastMillis());
  }

  /** The state as the windows of {@code nowMillis} see it. */
  private static SlidingWindowCounterState turnedTo(
      Limit limit, SlidingWindowCounterState state, long nowMillis) {
    long start = Windows.startMillis(nowMillis, limit.periodMillis());
    if (start == state.windowStartMillis()) {
      return state;
    }
    boolean next = start == state.windowStartMillis() + limit.periodMillis();
    return new SlidingWindowCounterState(start, 0, next ? state.current() : 0, state.lastMillis());
  }

  /** The estimate times the period. */
  private static long used(Limit limit, SlidingWindowCounterState turned, long nowMillis) {
    long period = limit.periodMillis();
    long left = turned.windowStartMillis() + period - nowMillis;
    return turned.previous() * left + turned.current() * period;
  }

  private static long readyAtMillis(Limit limit, SlidingWindowCounterState turned, long cost) {
    long period = limit.periodMillis();
    long windowEnd = turned.windowStartMillis() + period;
    long free = limit.requests() - cost;
    if (turned.current() <= free) {
      // The previous window must weigh less; at the latest it is gone when this window ends.
      return windowEnd - (free - turned.current()) * period / turned.previous();
    }
    // This window's own count must weigh less, as the previous one of the next window.
    return windowEnd + period - free * period / turned.current();
  }
}
