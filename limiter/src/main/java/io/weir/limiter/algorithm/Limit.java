package io.weir.limiter.algorithm;

import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.Objects;

/** An algorithm and its numbers. Immutable and thread-safe. */
public final class Limit {
  /** The longest period: 1,000 years of 365 days, in milliseconds. */
  public static final long MAX_PERIOD_MILLIS = Duration.ofDays(365_000).toMillis();

  private static final Duration MAX_PERIOD = Duration.ofMillis(MAX_PERIOD_MILLIS);
  private static final String PERIOD_RANGE = "it must be at least 1 ms and at most 365000 days";

  private final Algorithm<?> algorithm;
  private final long requests;
  private final long periodMillis;
  private final long burst;
  private final long unitsPerToken;
  private final long unitsPerMilli;

  /**
   * A limit of the given numbers.
   *
   * @param algorithm how requests are judged
   * @param requests requests that each period grants; 0 denies all
   * @param periodMillis the period in milliseconds, above 0, at most {@link #MAX_PERIOD_MILLIS}
   * @param burst the most that can be admitted at one instant, 1 or more unless {@code requests} is
   *     0: the capacity of a token bucket, the places of a leaky bucket's queue; for windows equal
   *     to {@code requests}
   * @throws IllegalArgumentException if a number is out of range, or the algorithm cannot be exact
   *     for these numbers
   */
  public Limit(Algorithm<?> algorithm, long requests, long periodMillis, long burst) {
    if (requests < 0) {
      throw new IllegalArgumentException("requests is " + requests + "; it must be 0 or more");
    }
    if (periodMillis <= 0 || periodMillis > MAX_PERIOD_MILLIS) {
      throw new IllegalArgumentException(
          "the period is " + Spans.exact(Duration.ofMillis(periodMillis)) + "; " + PERIOD_RANGE);
    }
    long leastBurst = requests > 0 ? 1 : 0;
    if (burst < leastBurst) {
      throw new IllegalArgumentException(
          "burst is " + burst + "; it must be " + leastBurst + " or more");
    }
    if (!algorithm.supportsBurst() && burst != requests) {
      throw new IllegalArgumentException(
          "burst has no meaning for " + algorithm.name() + "; leave it out");
    }
    algorithm.validate(requests, periodMillis, burst);
    this.algorithm = algorithm;
    this.requests = requests;
    this.periodMillis = periodMillis;
    this.burst = burst;
    long divisor = greatestCommonDivisor(requests, periodMillis);
    this.unitsPerToken = periodMillis / divisor;
    this.unitsPerMilli = requests / divisor;
  }

  /**
   * A limit whose burst is what one period grants.
   *
   * @throws IllegalArgumentException as the constructor does, and if the period is not a whole
   *     number of milliseconds
   */
  public static Limit of(Algorithm<?> algorithm, long requests, Duration period) {
    return new Limit(algorithm, requests, wholeMillis(period), requests);
  }

  /** A {@link TokenBucket} that refills so many requests each period; see {@link #withBurst}. */
  public static Limit tokenBucket(long requests, Duration period) {
    return of(new TokenBucket(), requests, period);
  }

  /** A {@link LeakyBucket} that lets out so many requests each period; see {@link #withBurst}. */
  public static Limit leakyBucket(long requests, Duration period) {
    return of(new LeakyBucket(), requests, period);
  }

  /** A {@link FixedWindow}: so many requests in each window aligned to the epoch. */
  public static Limit fixedWindow(long requests, Duration period) {
    return of(new FixedWindow(), requests, period);
  }

  /** A {@link SlidingWindowLog}: so many requests in every window, wherever it starts. */
  public static Limit slidingWindowLog(long requests, Duration period) {
    return of(new SlidingWindowLog(), requests, period);
  }

  /** A {@link SlidingWindowCounter}: so many requests in a window that slides, estimated. */
  public static Limit slidingWindowCounter(long requests, Duration period) {
    return of(new SlidingWindowCounter(), requests, period);
  }

  /**
   * This limit with another burst.
   *
   * @throws IllegalArgumentException as the constructor does
   */
  public Limit withBurst(long newBurst) {
    return new Limit(algorithm, requests, periodMillis, newBurst);
  }

  /** How requests are judged. */
  public Algorithm<?> algorithm() {
    return algorithm;
  }

  /** Requests that each period grants. */
  public long requests() {
    return requests;
  }

  /** The period in milliseconds. */
  public long periodMillis() {
    return periodMillis;
  }

  /** The most that can be admitted at one instant. */
  public long burst() {
    return burst;
  }

  /**
   * The scaled units that one token is worth. Units make the rate a whole number: {@code requests}
   * per {@code periodMillis} reduced by their greatest common divisor is {@link #unitsPerMilli()}
   * units each millisecond, of which {@code unitsPerToken} make a token. So 100 tokens a minute are
   * 1 unit a millisecond and 600 units a token, and no rounding ever happens.
   */
  public long unitsPerToken() {
    return unitsPerToken;
  }

  /** The scaled units that flow each millisecond; 0 only where {@link #requests()} is 0. */
  public long unitsPerMilli() {
    return unitsPerMilli;
  }

  private static long wholeMillis(Duration period) {
    if (period.isNegative() || period.compareTo(MAX_PERIOD) > 0) {
      throw new IllegalArgumentException(
          "the period is " + Spans.exact(period) + "; " + PERIOD_RANGE);
    }
    long millis = period.toMillis();
    if (!period.equals(Duration.ofMillis(millis))) {
      throw new IllegalArgumentException(
          "the period is " + Spans.exact(period) + "; it must be a whole number of milliseconds");
    }
    return millis;
  }

  /** The greatest common divisor of a number that is 0 or more and one above 0 (Euclid). */
  static long greatestCommonDivisor(long a, long b) {
    while (b != 0) {
      long remainder = a % b;
      a = b;
      b = remainder;
    }
    return a;
  }

  /** Equal if the numbers and the names of the algorithms are. */
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Limit that
            && requests == that.requests
            && periodMillis == that.periodMillis
            && burst == that.burst
            && algorithm.name().equals(that.algorithm.name()));
  }

  @Override
  public int hashCode() {
    return Objects.hash(algorithm.name(), requests, periodMillis, burst);
  }

  @Override
  public String toString() {
    String text =
        algorithm.name() + " " + requests + " per " + Spans.exact(Duration.ofMillis(periodMillis));
    return algorithm.supportsBurst() ? text + " burst " + burst : text;
  }
}
