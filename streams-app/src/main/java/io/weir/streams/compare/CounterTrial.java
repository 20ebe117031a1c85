package io.weir.streams.compare;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Outcome;
import io.weir.limiter.algorithm.SlidingWindowCounter;
import io.weir.limiter.algorithm.SlidingWindowCounterState;

/**
 * The requests of one source, judged by the counter in both ways and by exact counts. Not
 * thread-safe.
 */
final class CounterTrial {
  private static final SlidingWindowCounter COUNTER = new SlidingWindowCounter();

  private final Limit limit;
  private final Limit unbounded;
  private final long parts;
  private final ExactCount all;
  private final ExactCount admitted;
  private final ExactCount log;
  private SlidingWindowCounterState meter = COUNTER.initial();
  private SlidingWindowCounterState limiter = COUNTER.initial();
  private long requests;
  private long over;
  private final Tally ofMeter = new Tally();
  private final Tally ofLimiter = new Tally();
  private long limiterAdmitted;
  private long logAdmitted;

  private double differenceSum;
  private long compared;

  /**
   * No requests yet.
   *
   * @param parts in how many each request is counted by the meter, so that its estimate is told
   *     that exactly
   */
  CounterTrial(Limit limit, long parts) {
    this.limit = limit;
    this.parts = parts;
    long most = mostTokens(limit); // So that it admits everything.
    this.unbounded = new Limit(COUNTER, most, limit.periodMillis(), most);
    this.all = new ExactCount(limit.periodMillis());
    this.admitted = new ExactCount(limit.periodMillis());
    this.log = new ExactCount(limit.periodMillis());
  }

  /** As much as the counter can count with in a period. */
  static long mostTokens(Limit limit) {
    return Long.MAX_VALUE / 8 / limit.periodMillis();
  }

  /** A request at a time, never before an earlier one. */
  void take(long nowMillis) {
    requests++;
    takeAsMeter(nowMillis);
    takeAsLimiter(nowMillis);
    if (log.at(nowMillis) < limit.requests()) {
      log.add(nowMillis);
      logAdmitted++;
    }
  }

  private void takeAsMeter(long nowMillis) {
    int exact = all.at(nowMillis);
    double estimate = estimate(nowMillis);
    over += exact < limit.requests() ? 0 : 1;
    ofMeter.judged(Math.ceil(estimate) < limit.requests(), exact, limit.requests());
    if (exact > 0) {
      compared++;
      differenceSum += Math.min(1, Math.abs(estimate - exact) / exact);
    }
    all.add(nowMillis);
    meter = admittedState(COUNTER.check(unbounded, meter, nowMillis, parts));
  }

  private void takeAsLimiter(long nowMillis) {
    int exact = admitted.at(nowMillis);
    if (COUNTER.check(limit, limiter, nowMillis, 1)
        instanceof Outcome.Admitted<SlidingWindowCounterState> outcome) {
      ofLimiter.judged(true, exact, limit.requests());
      limiter = outcome.next();
      admitted.add(nowMillis);
      limiterAdmitted++;
    } else {
      ofLimiter.judged(false, exact, limit.requests());
    }
  }

  private double estimate(long nowMillis) {
    long remaining = COUNTER.usage(unbounded, meter, nowMillis).remaining();
    return (double) (unbounded.requests() - remaining) / parts;
  }

  private static SlidingWindowCounterState admittedState(
      Outcome<SlidingWindowCounterState> outcome) {
    if (outcome instanceof Outcome.Admitted<SlidingWindowCounterState> admitted) {
      return admitted.next();
    }
    throw new IllegalStateException("there is room for more requests than there can be");
  }

  long requests() {
    return requests;
  }

  Accuracy accuracy() {
    return new Accuracy(
        requests,
        requests > 0 ? 1 : 0,
        over,
        ofMeter.agreement(),
        ofLimiter.agreement(),
        differenceSum,
        compared,
        limiterAdmitted,
        logAdmitted);
  }

  /** How one use of the counter agrees with exact counts. */
  private static final class Tally {
    private long wronglyAllowed;
    private long wronglyDenied;
    private double overSum;
    private double leftSum;
    private long most;

    /** A decision, and how many there were before it of so many that there may be. */
    void judged(boolean allowed, int before, long limit) {
      long with = before + 1L;
      if (allowed) {
        most = Math.max(most, with);
      }
      if (allowed && with > limit) {
        wronglyAllowed++;
        overSum += (double) (with - limit) / limit;
      } else if (!allowed && with <= limit) {
        wronglyDenied++;
        leftSum += (double) (limit - before) / limit;
      }
    }

    Accuracy.Agreement agreement() {
      return new Accuracy.Agreement(wronglyAllowed, wronglyDenied, overSum, leftSum, most);
    }
  }
}
