package io.weir.streams.compare;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.Outcome;
import io.weir.limiter.algorithm.SlidingWindowCounter;
import io.weir.limiter.algorithm.SlidingWindowCounterState;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * The sliding window counter against exact counts, on the traffic of many sources.
 *
 * <p><b>Traffic.</b> A few sources send most: the one of rank r sends in proportion to 1 / r
 * (Zipf). Each has phases, whose lengths are exponentially distributed; in a phase its requests
 * come at random (Poisson), at its own rate times a factor that chance draws for the phase,
 * log-normal with mean 1. All sources are apart, so they are looked at one after the other, on all
 * processors.
 *
 * <p><b>Measures.</b> As a <em>meter</em> the counter counts every request, and so does the exact
 * count: does it tell rightly whether the source is over the limit, and how far is its estimate
 * from the truth? As a <em>limiter</em> it counts what it admits, and each decision is held against
 * the exact count of the same admissions.
 *
 * @param limit the limit of each source
 * @param traffic what is judged
 */
public record AccuracyStudy(Limit limit, SourceTraffic traffic) {
  private static final SlidingWindowCounter COUNTER = new SlidingWindowCounter();

  /** Of a token, so that an estimate is told to a thousandth. */
  private static final long PARTS = 1_000;

  private static final long START_MILLIS = 1_700_000_000_000L;

  /**
   * The requests of many sources.
   *
   * @param sources how many there are
   * @param requests how many requests they send together, about
   * @param length how long they send
   * @param phase how long a source keeps its rate, in the mean
   * @param spread by how much the rates of its phases differ: the standard deviation (sigma) of
   *     their logarithm; 0 where they are the same
   * @param seed what chance goes by
   */
  public record SourceTraffic(
      long sources, long requests, Duration length, Duration phase, double spread, long seed) {}

  /**
   * The result.
   *
   * @param done told how many requests of a source were judged, from several threads
   */
  public Accuracy run(LongConsumer done) {
    LongStream ranks = LongStream.rangeClosed(1, traffic.sources());
    double harmonic = ranks.mapToDouble(rank -> 1.0 / rank).sum();
    return LongStream.rangeClosed(1, traffic.sources())
        .parallel()
        .mapToObj(
            rank -> {
              double perMilli = traffic.requests() / harmonic / rank / traffic.length().toMillis();
              Accuracy one = ofSource(rank, perMilli);
              done.accept(one.requests());
              return one;
            })
        .reduce(Accuracy.NONE, Accuracy::plus);
  }

  private Accuracy ofSource(long rank, double perMilli) {
    SplittableRandom random = new SplittableRandom(traffic.seed() * 1_000_003 + rank);
    Source source = new Source(limit);
    double endMillis = traffic.length().toMillis();
    double sigma = traffic.spread();
    double phaseEnd = 0;
    double rate = 0;
    double now = 0;
    // In windows of the clock, each source begins at another time.
    long startMillis = START_MILLIS + random.nextLong(limit.periodMillis());
    while (now < endMillis) {
      if (now >= phaseEnd) {
        phaseEnd = now + exponential(random) * traffic.phase().toMillis();
        rate = perMilli * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
      }
      double next = now + exponential(random) / rate;
      if (next >= phaseEnd) {
        now = phaseEnd; // What is left of the wait is forgotten, as a Poisson process has it.
        continue;
      }
      now = next;
      if (now < endMillis) {
        source.take(startMillis + (long) now);
      }
    }
    return source.accuracy();
  }

  private static double exponential(SplittableRandom random) {
    return -Math.log(1 - random.nextDouble());
  }

  /** How one use of the counter agrees with exact counts. */
  private static final class Tally {
    private long wronglyAllowed;
    private long wronglyDenied;
    private double overSum;
    private double leftSum;
    private double differenceSum;
    private long compared;
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

    /** An estimate beside the exact count, where there is something to count. */
    void compared(double estimate, int exact) {
      if (exact > 0) {
        compared++;
        differenceSum += Math.min(1, Math.abs(estimate - exact) / exact);
      }
    }

    Accuracy.Agreement agreement() {
      return new Accuracy.Agreement(
          wronglyAllowed, wronglyDenied, overSum, leftSum, differenceSum, compared, most);
    }
  }

  /** One source and what is counted of it. */
  private static final class Source {
    private final Limit limit;
    private final Limit unbounded;
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

    Source(Limit limit) {
      this.limit = limit;
      // As much as can be counted with, so that it admits everything.
      long most = Long.MAX_VALUE / 8 / limit.periodMillis();
      this.unbounded = new Limit(COUNTER, most, limit.periodMillis(), most);
      this.all = new ExactCount(limit.periodMillis());
      this.admitted = new ExactCount(limit.periodMillis());
      this.log = new ExactCount(limit.periodMillis());
    }

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
      double estimate = estimate(unbounded, meter, nowMillis);
      over += exact < limit.requests() ? 0 : 1;
      ofMeter.judged(Math.ceil(estimate) < limit.requests(), exact, limit.requests());
      ofMeter.compared(estimate, exact);
      all.add(nowMillis);
      meter = admittedState(COUNTER.check(unbounded, meter, nowMillis, PARTS));
    }

    private void takeAsLimiter(long nowMillis) {
      int exact = admitted.at(nowMillis);
      double estimate = limit.requests() - COUNTER.usage(limit, limiter, nowMillis).remaining();
      ofLimiter.compared(estimate, exact);
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

    private static double estimate(
        Limit unbounded, SlidingWindowCounterState state, long nowMillis) {
      long remaining = COUNTER.usage(unbounded, state, nowMillis).remaining();
      return (double) (unbounded.requests() - remaining) / PARTS;
    }

    private static SlidingWindowCounterState admittedState(
        Outcome<SlidingWindowCounterState> outcome) {
      if (outcome instanceof Outcome.Admitted<SlidingWindowCounterState> admitted) {
        return admitted.next();
      }
      throw new IllegalStateException("there is room for more requests than there can be");
    }

    Accuracy accuracy() {
      return new Accuracy(
          requests,
          requests > 0 ? 1 : 0,
          over,
          ofMeter.agreement(),
          ofLimiter.agreement(),
          limiterAdmitted,
          logAdmitted);
    }
  }
}
