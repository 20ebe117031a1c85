package io.weir.limiter.redis;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What is asked of Redis before anybody else does, so that the first who does is answered in time.
 *
 * <p>Of a cold process the first answers may be late, so it goes on after them; but not after so
 * many that the circuit breaker, whose least number of calls is ten, would open before anybody
 * came. A Redis that is slow all the time is given up by the clock.
 */
final class WarmUp {
  static final int ANSWERS = 50;
  static final int MOST_FAILURES = 4;
  static final Duration LONGEST = Duration.ofSeconds(1);

  private WarmUp() {}

  /**
   * Asks until there were so many answers, or so many failures, or the time is over; the last
   * question may end later by what Redis is waited for.
   *
   * @param question throws {@link RedisUnavailableException} where it is not answered in time
   */
  static void run(Runnable question, LongSupplier nanoTime) {
    long startNanos = nanoTime.getAsLong();
    int answers = 0;
    int failures = 0;
    while (answers < ANSWERS
        && failures < MOST_FAILURES
        && nanoTime.getAsLong() - startNanos < LONGEST.toNanos()) {
      try {
        question.run();
        answers++;
      } catch (RedisUnavailableException e) {
        failures++;
      }
    }
  }
}
