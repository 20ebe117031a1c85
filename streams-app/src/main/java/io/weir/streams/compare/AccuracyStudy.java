package io.weir.streams.compare;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /** Of a token at most, so that an estimate is told to a thousandth. */
  private static final long MOST_PARTS = 1_000;

  /** More would take hours. */
  private static final double MOST_PHASES = 1e9;

  /** Ranks of one task are so many times fewer than those before it: so tasks are of one size. */
  private static final int TASK_PART = 16;

  /** More would take hours, too. */
  private static final long MOST_REQUESTS = 4_000_000_000L;

  private static final int TOLD_EVERY = 100_000;
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
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if there are too many requests or phases, the traffic is
   *     shorter than the period, or the counter cannot count so many exactly
   */
  public AccuracyStudy {
    if (traffic.requests() > MOST_REQUESTS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%,d requests are too many; at most %,d",
              traffic.requests(),
              MOST_REQUESTS));
    }
    if (traffic.length().toMillis() < limit.periodMillis()) {
      throw new IllegalArgumentException(
          "the traffic of "
              + Spans.brief(traffic.length().toMillis())
              + " is over before one period of "
              + Spans.brief(limit.periodMillis()));
    }
    double phases = (double) traffic.length().toMillis() / traffic.phase().toMillis();
    if (phases * traffic.sources() > MOST_PHASES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%,d sources with %,.0f phases each are too much; fewer sources, a longer --phase or a"
                  + " shorter --length",
              traffic.sources(),
              phases));
    }
    if (parts(limit, traffic) == 0) {
      throw new IllegalArgumentException(
          "the counter cannot tell so many requests exactly in a period of "
              + Spans.brief(limit.periodMillis()));
    }
  }

  /**
   * The result, which is the same on each machine: sums are added in one order.
   *
   * @param done told how many more requests were judged, from several threads
   */
  public Accuracy run(LongConsumer done) {
    double harmonic =
        LongStream.rangeClosed(1, traffic.sources()).mapToDouble(rank -> 1.0 / rank).sum();
    List<Accuracy> tasks =
        tasks().parallelStream()
            .map(
                ranks ->
                    LongStream.range(ranks.from(), ranks.to())
                        .mapToObj(rank -> ofSource(rank, 1 / harmonic / rank, done))
                        .reduce(Accuracy.NONE, Accuracy::plus))
            .toList();
    return tasks.stream().reduce(Accuracy.NONE, Accuracy::plus);
  }

  /** Sources of the ranks from one up to another, without it. */
  private record Ranks(long from, long to) {}

  private List<Ranks> tasks() {
    List<Ranks> tasks = new ArrayList<>();
    long from = 1;
    while (from <= traffic.sources()) {
      long to = Math.min(traffic.sources() + 1, from + Math.max(1, from / TASK_PART));
      tasks.add(new Ranks(from, to));
      from = to;
    }
    return tasks;
  }

  /** In how many parts the meter counts each request; 0 where it cannot count them all. */
  private static long parts(Limit limit, SourceTraffic traffic) {
    // Two windows count, and no source has more in them than all have together, about.
    return Math.min(MOST_PARTS, CounterTrial.mostTokens(limit) / 4 / traffic.requests());
  }

  private Accuracy ofSource(long rank, double share, LongConsumer done) {
    double perMilli = traffic.requests() * share / traffic.length().toMillis();
    SplittableRandom random = new SplittableRandom(traffic.seed() * 1_000_003 + rank);
    CounterTrial source = new CounterTrial(limit, parts(limit, traffic));
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
        if (source.requests() % TOLD_EVERY == 0) {
          done.accept(TOLD_EVERY);
        }
      }
    }
    done.accept(source.requests() % TOLD_EVERY);
    return source.accuracy();
  }

  private static double exponential(SplittableRandom random) {
    return -Math.log(1 - random.nextDouble());
  }
}
