package io.weir.limiter.algorithm;

import java.math.BigInteger;

/** Integer arithmetic that the algorithms share. No operation here loses anything silently. */
final class Exact {
  /**
   * The largest product of scaled numbers that a limit may need. Two of them, and a time on top
   * ({@link LimitState#MAX_TIME_MILLIS}), still fit a {@code long}.
   */
  static final long MAX_SCALED = 1L << 61;

  private Exact() {}

  /** Whether {@code a * b} is at most {@link #MAX_SCALED}; a 0 or more, b above 0. */
  static boolean productFits(long a, long b) {
    return a <= MAX_SCALED / b;
  }

  /** {@code a / b} rounded up; {@code a} 0 or more, {@code b} above 0. */
  static long divideRoundingUp(long a, long b) {
    return a / b + (a % b == 0 ? 0 : 1);
  }

  /** {@code a * b / c} rounded up, or {@code max} if that is less; all 0 or more, c above 0. */
  static long multiplyDivideRoundingUp(long a, long b, long c, long max) {
    BigInteger[] parts =
        BigInteger.valueOf(a)
            .multiply(BigInteger.valueOf(b))
            .divideAndRemainder(BigInteger.valueOf(c));
    BigInteger result = parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
    return result.min(BigInteger.valueOf(max)).longValueExact();
  }

  /**
   * What is left of a level that drains at a steady rate.
   *
   * @param level the level at the start, 0 or more
   * @param elapsedMillis the time since, 0 or more
   * @param unitsPerMilli what drains each millisecond, 0 or more
   */
  static long drained(long level, long elapsedMillis, long unitsPerMilli) {
    // After a long absence the product has up to 127 bits; asking for them is quicker than
    // dividing.
    boolean isLong = Math.multiplyHigh(elapsedMillis, unitsPerMilli) == 0;
    long units = elapsedMillis * unitsPerMilli;
    return isLong && units >= 0 && units < level ? level - units : 0;
  }

  /** Throws IllegalArgumentException unless the value is 0 or more. */
  static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be 0 or more");
    }
  }

  /** Throws IllegalArgumentException unless the value is a time that can be counted with. */
  static void requireTime(String name, long millis) {
    if (millis < 0 || millis > LimitState.MAX_TIME_MILLIS) {
      throw new IllegalArgumentException(
          name
              + " is "
              + millis
              + "; it must be a time in milliseconds since the epoch, from 0 to "
              + LimitState.MAX_TIME_MILLIS);
    }
  }
}
