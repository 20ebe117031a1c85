package io.weir.streams.topology;

import io.weir.limiter.algorithm.StoredLimit.HoldBounds;
import java.time.Duration;

/**
 * How requests with several identifiers wait for all of their answers.
 *
 * @param joinTimeout how long after the first answer the last one may come, by the wall clock; then
 *     the request is denied
 * @param holdTime how long tokens are held, in the time of the requests; then they are charged for
 *     good
 * @param maxHolds the most requests that one row holds tokens for; of more, the oldest are charged
 *     for good
 * @param answersRepeat whether an answer may come again after the decision, as at-least-once has
 *     it: then decided requests are remembered for {@code holdTime}
 */
public record HoldSettings(
    Duration joinTimeout, Duration holdTime, int maxHolds, boolean answersRepeat) {
  /** The defaults of the settings table. */
  public static final HoldSettings DEFAULT =
      new HoldSettings(Duration.ofSeconds(30), Duration.ofMinutes(2), 1_000, false);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not above 0, or tokens are not held for as long as
   *     answers are waited for
   */
  public HoldSettings {
    if (joinTimeout.toMillis() < 1 || maxHolds < 1) {
      throw new IllegalArgumentException(
          "answers are waited for " + joinTimeout + ", by " + maxHolds + "; both must be above 0");
    }
    if (holdTime.compareTo(joinTimeout.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "tokens are held for "
              + holdTime
              + ", but answers are waited for "
              + joinTimeout
              + "; hold for at least twice as long, or some cannot be given back");
    }
  }

  HoldBounds bounds() {
    return new HoldBounds(holdTime.toMillis(), maxHolds);
  }
}
