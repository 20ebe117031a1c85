package io.weir.limiter.algorithm;

import java.time.Duration;
import java.util.Objects;

/** An algorithm and its numbers. Immutable and thread-safe. */
public final class Limit {
  /** The longest period: 1,000 years of 365 days, in milliseconds. */
  public static final long MAX_PERIOD_MILLIS = Duration.ofDays(365_000).toMillis();

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
          "the period is "
              + periodMillis
              + " ms; it must be longer than 0 ms and at most 1000 years");
    }
    if (burst < (requests > 0 ? 1 : 0)) {
      throw new IllegalArgumentException("burst is " + burst + "; it must be 1 or more");
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

  /** A limit whose burst is what one period grants. */
  public static Limit of(Algorithm<?> algorithm, long requests, Duration period) {
    return new Limit(algorithm, requests, period.toMillis(), requests);
  }

  /** This limit with another burst. */
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
    String text = algorithm.name() + " " + requests + " per " + Duration.ofMillis(periodMillis);
    return algorithm.supportsBurst() ? text + " burst " + burst : text;
  }
}
