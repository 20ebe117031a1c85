package io.weir.limiter.outbound;

import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.algorithm.TokenBucket;
import io.weir.limiter.words.Spans;
import java.math.BigInteger;
import java.time.Duration;

/**
 * Requests per milliseconds, exactly, as a server's words give them: in lowest terms, or slower
 * where the numbers would be too large to count with.
 *
 * @param requests 1 or more
 * @param periodMillis from 1 to {@link Limit#MAX_PERIOD_MILLIS}
 */
record Rate(long requests, long periodMillis) {
  private static final int MAX_BITS = 61;
  private static final long MAX_SCALED = 1L << MAX_BITS;
  private static final long WHOLE = 1_000;
  private static final BigInteger LONGEST = BigInteger.valueOf(Limit.MAX_PERIOD_MILLIS);

  static Rate of(Limit limit) {
    return new Rate(limit.unitsPerMilli(), limit.unitsPerToken());
  }

  /**
   * So many permille of a number of requests in a time.
   *
   * @param requests 1 or more
   * @param periodMillis 1 or more
   * @param permille 1 or more, at most 1,000
   */
  static Rate of(long requests, long periodMillis, long permille) {
    BigInteger granted = product(requests, permille);
    BigInteger time = product(periodMillis, WHOLE);
    BigInteger divisor = granted.gcd(time);
    granted = granted.divide(divisor);
    time = time.divide(divisor);
    while (granted.bitLength() > MAX_BITS || time.compareTo(LONGEST) > 0) {
      // Rounded so that it is slower, but never to nothing.
      granted = granted.shiftRight(1).max(BigInteger.ONE);
      time = time.subtract(time.shiftRight(1));
    }
    return new Rate(granted.longValueExact(), time.longValueExact());
  }

  boolean isSlowerThan(Rate other) {
    return product(requests, other.periodMillis).compareTo(product(other.requests, periodMillis))
        < 0;
  }

  static Rate slower(Rate a, Rate b) {
    return b.isSlowerThan(a) ? b : a;
  }

  static Rate faster(Rate a, Rate b) {
    return b.isSlowerThan(a) ? a : b;
  }

  /** What it admits in a time, rounded down, at most {@link Long#MAX_VALUE}. */
  long in(long millis) {
    return product(requests, millis)
        .divide(BigInteger.valueOf(periodMillis))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }

  /** A token bucket of this rate; the burst is lowered to what can be counted, and is 1 or more. */
  Limit limit(long burst) {
    long most = MAX_SCALED / periodMillis;
    return new Limit(new TokenBucket(), requests, periodMillis, Math.max(1, Math.min(burst, most)));
  }

  /** As a message names it. */
  String text() {
    return requests + " per " + Spans.exact(Duration.ofMillis(periodMillis));
  }

  private static BigInteger product(long a, long b) {
    return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
  }
}
