package io.weir.limiter.algorithm;

import io.weir.limiter.words.Spans;
import java.time.Duration;

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
 * <p><b>Cost.</b> A division and a few multiplications. Three numbers of state, whatever the limit:
 * 14 bytes as a row of "100 a minute", limit included.
 *
 * <p><b>Choose it</b> for large limits where {@link SlidingWindowLog} would need too much state and
 * {@link FixedWindow} too generous boundaries.
 *
 * <p><b>Source.</b> Cloudflare, "How we built rate limiting capable of scaling to millions of
 * domains" (2017).
 */
public final class SlidingWindowCounter implements Algorithm<SlidingWindowCounterState> {
  private static final SlidingWindowCounterState INITIAL = new SlidingWindowCounterState(0, 0, 0);

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
              + Spans.exact(Duration.ofMillis(periodMillis))
              + " cannot be counted exactly; the requests must be at most "
              + Exact.MAX_SCALED / periodMillis);
    }
  }

  @Override
  public void validateState(Limit limit, SlidingWindowCounterState state) {
    long most = mostTokens(limit);
    if (state.current() > most || state.previous() > most) {
      throw new IllegalArgumentException(
          state + " cannot be counted exactly under " + limit + "; the most is " + most);
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
    long start = Windows.startMillis(nowMillis, period);
    long current = current(start, state);
    long previous = previous(start, limit, state);
    long free = requests - cost;
    if (Windows.weighed(start, period, current, previous, nowMillis) > free * period) {
      return new Outcome.Denied<>(
          Windows.weighedDownAtMillis(start, period, current, previous, free));
    }
    return new Outcome.Admitted<>(
        new SlidingWindowCounterState(current + cost, previous, nowMillis), 0);
  }

  @Override
  public Usage usage(Limit limit, SlidingWindowCounterState state, long nowMillis) {
    long period = limit.periodMillis();
    long free = limit.requests() * period - weighed(limit, state, nowMillis);
    return new Usage(Math.max(0, free) / period, Math.max(nowMillis, idleFromMillis(limit, state)));
  }

  @Override
  public long idleFromMillis(Limit limit, SlidingWindowCounterState state) {
    long windowEnd = Windows.endMillis(state.lastMillis(), limit.periodMillis());
    if (state.current() > 0) {
      return windowEnd + limit.periodMillis();
    }
    return state.previous() > 0 ? windowEnd : state.lastMillis();
  }

  /**
   * In the same windows the counts stay; else the old estimate counts in the new window that holds
   * the last admission.
   */
  @Override
  public SlidingWindowCounterState carryOver(
      Limit from, SlidingWindowCounterState state, Limit to, long nowMillis) {
    if (from.periodMillis() == to.periodMillis()) {
      return state;
    }
    long used = weighed(from, state, nowMillis);
    long estimate = Exact.divideRoundingUp(used, from.periodMillis());
    return new SlidingWindowCounterState(Math.min(estimate, mostTokens(to)), 0, state.lastMillis());
  }

  /** Of the window that they were taken in, while it is one of the two that count. */
  @Override
  public SlidingWindowCounterState refund(
      Limit limit, SlidingWindowCounterState state, long takenAtMillis, long cost) {
    long takenIn = Windows.startMillis(takenAtMillis, limit.periodMillis());
    long current = Windows.startMillis(state.lastMillis(), limit.periodMillis());
    if (takenIn == current) {
      return new SlidingWindowCounterState(
          state.current() - Math.min(state.current(), cost), state.previous(), state.lastMillis());
    }
    return takenIn == current - limit.periodMillis()
        ? new SlidingWindowCounterState(
            state.current(),
            state.previous() - Math.min(state.previous(), cost),
            state.lastMillis())
        : state;
  }

  /** The most tokens in one window that can be weighed exactly. */
  private static long mostTokens(Limit limit) {
    return Exact.MAX_SCALED / limit.periodMillis();
  }

  /** The estimate times the period. */
  private static long weighed(Limit limit, SlidingWindowCounterState state, long nowMillis) {
    long start = Windows.startMillis(nowMillis, limit.periodMillis());
    return Windows.weighed(
        start,
        limit.periodMillis(),
        current(start, state),
        previous(start, limit, state),
        nowMillis);
  }

  private static long current(long startMillis, SlidingWindowCounterState state) {
    return Windows.current(startMillis, state.current(), state.lastMillis());
  }

  private static long previous(long startMillis, Limit limit, SlidingWindowCounterState state) {
    return Windows.previous(
        startMillis, limit.periodMillis(), state.current(), state.previous(), state.lastMillis());
  }
}
