package io.weir.limiter.algorithm;

import io.weir.limiter.words.Spans;
import java.time.Duration;

/**
 * Sliding window log: at most {@code requests} tokens in <em>every</em> window of {@code period}
 * milliseconds, wherever it starts. It remembers each admission.
 *
 * <p><b>Derivation.</b> An entry at t counts while {@code now < t + period}: windows are half-open.
 * Used is the sum over the entries that count; a request is admitted if its cost fits beside it.
 * Entries of one millisecond are one entry, so a log never holds more than {@code min(requests,
 * period in milliseconds)} of them.
 *
 * <p><b>Bound.</b> Exactly {@code requests} in every half-open window: the only one of the five
 * whose bound has no fine print.
 *
 * <p><b>Cost.</b> Time and state grow with the entries, and all are rewritten at each admission. A
 * row takes some 13 bytes and for each further entry 1 to 4 in windows up to a day: 211 bytes for
 * "100 a minute" spread evenly. Hence the bound on entries, 10,000 by default.
 *
 * <p><b>Choose it</b> for small limits that must hold to the letter ("5 password attempts in any 15
 * minutes").
 *
 * <p><b>Source.</b> The definition itself, "at most n in any window of length w", kept literally.
 */
public final class SlidingWindowLog implements Algorithm<SlidingWindowLogState> {
  /** The entries a log may hold unless told otherwise. */
  public static final int DEFAULT_MAX_ENTRIES = 10_000;

  /** The most entries that can be asked for: their row stays below 1 MB. */
  public static final int LARGEST_MAX_ENTRIES = 50_000;

  private final int maxEntries;

  /** A log of at most {@link #DEFAULT_MAX_ENTRIES} entries. */
  public SlidingWindowLog() {
    this(DEFAULT_MAX_ENTRIES);
  }

  /**
   * A log of at most {@code maxEntries} entries for each limit of each identifier.
   *
   * @throws IllegalArgumentException if that is below 1 or above {@link #LARGEST_MAX_ENTRIES}
   */
  public SlidingWindowLog(int maxEntries) {
    if (maxEntries < 1 || maxEntries > LARGEST_MAX_ENTRIES) {
      throw new IllegalArgumentException(
          "maxEntries is " + maxEntries + "; it must be from 1 to " + LARGEST_MAX_ENTRIES);
    }
    this.maxEntries = maxEntries;
  }

  @Override
  public String name() {
    return "sliding_window_log";
  }

  @Override
  public Class<SlidingWindowLogState> stateType() {
    return SlidingWindowLogState.class;
  }

  @Override
  public boolean supportsBurst() {
    return false;
  }

  @Override
  public void validate(long requests, long periodMillis, long burst) {
    long entries = Math.min(requests, periodMillis);
    if (entries > maxEntries) {
      throw new IllegalArgumentException(
          "a sliding_window_log of "
              + requests
              + " per "
              + Spans.exact(Duration.ofMillis(periodMillis))
              + " keeps up to "
              + entries
              + " entries for each identifier; the requests must be at most "
              + maxEntries
              + ", or choose sliding_window_counter");
    }
  }

  @Override
  public SlidingWindowLogState initial() {
    return SlidingWindowLogState.empty();
  }

  @Override
  public Outcome<SlidingWindowLogState> check(
      Limit limit, SlidingWindowLogState state, long nowMillis, long cost) {
    if (cost > limit.requests()) {
      return new Outcome.NeverFits<>();
    }
    int first = state.firstAfter(nowMillis - limit.periodMillis());
    long excess = state.sumFrom(first) - (limit.requests() - cost);
    if (excess > 0) {
      int last = first;
      for (long freed = state.cost(last); freed < excess; freed += state.cost(last)) {
        last++;
      }
      return new Outcome.Denied<>(state.timeMillis(last) + limit.periodMillis());
    }
    return new Outcome.Admitted<>(state.append(first, nowMillis, cost), 0);
  }

  @Override
  public Usage usage(Limit limit, SlidingWindowLogState state, long nowMillis) {
    int first = state.firstAfter(nowMillis - limit.periodMillis());
    return new Usage(
        Math.max(0, limit.requests() - state.sumFrom(first)),
        first == state.size() ? nowMillis : state.newestMillis() + limit.periodMillis());
  }

  @Override
  public long idleFromMillis(Limit limit, SlidingWindowLogState state) {
    return state.size() == 0
        ? state.lastMillis()
        : Math.max(state.lastMillis(), state.newestMillis() + limit.periodMillis());
  }

  /** Entries that still count stay. */
  @Override
  public SlidingWindowLogState carryOver(
      Limit from, SlidingWindowLogState state, Limit to, long nowMillis) {
    return state.from(state.firstAfter(nowMillis - from.periodMillis()));
  }

  /** Of the entry of that time. */
  @Override
  public SlidingWindowLogState refund(
      Limit limit, SlidingWindowLogState state, long takenAtMillis, long cost) {
    return state.without(takenAtMillis, cost);
  }
}
