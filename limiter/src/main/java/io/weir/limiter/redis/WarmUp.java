package io.weir.limiter.redis;

/**
 * What is asked of Redis before anybody else does, so that the first who does is answered in time.
 *
 * <p>Of a cold process the first answers may be late, so it goes on after them. A Redis that is
 * away or slow all the time is given up soon: each failure takes the time that Redis is waited for
 * at most.
 */
final class WarmUp {
  static final int ANSWERS = 50;
  static final int MOST_FAILURES = 10;

  private WarmUp() {}

  /**
   * Asks until there were so many answers, or so many failures.
   *
   * @param question throws {@link RedisUnavailableException} where it is not answered in time
   */
  static void run(Runnable question) {
    int answers = 0;
    int failures = 0;
    while (answers < ANSWERS && failures < MOST_FAILURES) {
      try {
        question.run();
        answers++;
      } catch (RedisUnavailableException e) {
        failures++;
      }
    }
  }
}
