package io.weir.limiter.algorithm;

/**
 * Tokens that a request took provisionally: it also needs those of other identifiers, and gives
 * these back if it does not get them. Until then, and for good if nobody gives them back, they
 * count as taken.
 *
 * @param id whose they are
 * @param atMillis when they were taken, in milliseconds since the epoch
 * @param cost how many, above 0
 * @param leastUsed the least that was used at any time since, in the units of {@link
 *     Algorithm#used}: what was used by other requests, or came back by itself, is not given back
 *     once more
 */
public record Hold(HoldId id, long atMillis, long cost, long leastUsed) {

  /**
   * Checks the numbers by themselves.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public Hold {
    Exact.requireTime("the time of a hold", atMillis);
    if (cost < 1) {
      throw new IllegalArgumentException("the cost of a hold is " + cost + "; it must be above 0");
    }
    Exact.requireNotNegative("leastUsed", leastUsed);
  }

  /** This hold, after only so much was used. */
  Hold seen(long used) {
    return used < leastUsed ? new Hold(id, atMillis, cost, used) : this;
  }

  /** Whether it was taken so long ago that it is for good. */
  boolean isFinal(long nowMillis, long holdMillis) {
    return nowMillis - atMillis >= holdMillis;
  }
}
