package io.weir.limiter;

import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.Objects;

/**
 * What makes a request that comes again known, so that it is charged once.
 *
 * @param requestName a name that this request has, and no other of the same identifiers; its refund
 *     is another request
 * @param horizon how long it is remembered that the request was charged, by the backend's clock
 */
public record Once(String requestName, Duration horizon) {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the name is empty, or the horizon is below a millisecond or
   *     above 365 days
   */
  public Once {
    Objects.requireNonNull(requestName, "the request's name is null");
    if (requestName.isEmpty()) {
      throw new IllegalArgumentException("the request's name is empty");
    }
    if (horizon.compareTo(SHORTEST) < 0 || horizon.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the horizon is " + Spans.exact(horizon) + "; it must be from 1 ms to 365 days");
    }
  }
}
