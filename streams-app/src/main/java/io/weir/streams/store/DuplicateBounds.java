package io.weir.streams.store;

import java.time.Duration;

/**
 * For how long decisions are remembered, so that a request that comes again is answered as it was
 * the first time.
 *
 * @param horizon how long, in the time of the requests
 * @param maxBytes the most memory of one partition; above it the oldest decisions are forgotten
 */
public record DuplicateBounds(Duration horizon, long maxBytes) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not above 0
   */
  public DuplicateBounds {
    if (horizon.toMillis() < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "decisions are remembered for "
              + horizon
              + " in "
              + maxBytes
              + " bytes; both must be above 0");
    }
  }
}
