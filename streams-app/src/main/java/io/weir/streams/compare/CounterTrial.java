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
  private final Tally ofMeter;
  private final Tally ofLimiter;
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
    this.ofMeter = new Tally(limit.requests());
    this.ofLimiter = new Tally(limit.requests());
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
    ofMeter.judged(Math.ceil(estimate) < limit.requests(), exact);
    if (exact > 0) {
      compared++;
      differenceSum += Math.min(1, Math.abs(estimate - exact) / exact);
    }
    all.add(nowMillis);
    meter = admittedState(COUNTER.check(unbounded, meter, nowMillis, parts));
  }

  private void takeAsLimiter(long nowMillis) {
    int exact = admitted.at(nowMillis);
    Outcome<SlidingWindowCounterState> outcome = COUNTER.check(limit, limiter, nowMillis, 1);
    ofLimiter.judged(outcome instanceof Outcome.Admitted, exact);
    if (outcome instanceof Outcome.Admitted<SlidingWindowCounterState> allowed) {
      limiter = allowed.next();
      admitted.add(nowMillis);
      limiterAdmitted++;
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
    private final long limit;
    private long wronglyAllowed;
    private long wronglyDenied;
    private double overSum;
    private double leftSum;
    private long most;

    /**
     * Nothing yet.
     *
     * @param limit how many there may be
     */
    Tally(long limit) {
      this.limit = limit;
    }

    /** A decision, and how many there were before it. */
    void judged(boolean allowed, int before) {
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
