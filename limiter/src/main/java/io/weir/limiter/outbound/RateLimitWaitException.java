package io.weir.limiter.outbound;

import java.time.Duration;

/** A call would have to wait longer than it may; it took nothing. */
public final class RateLimitWaitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration waitNeeded;
  private final Duration deadline;

  RateLimitWaitException(String limiter, long tokens, Duration wait, Duration deadline) {
    super(
        "'"
            + limiter
            + "': "
            + tokens
            + (tokens == 1 ? " token is" : " tokens are")
            + " to be had after "
            + wait.toMillis()
            + " ms, the call may wait "
            + deadline.toMillis()
            + " ms");
    this.waitNeeded = wait;
    this.deadline = deadline;
  }

  /** How long it would have had to wait, as things stood. */
  public Duration waitNeeded() {
    return waitNeeded;
  }

  /** How long it could have waited. */
  public Duration deadline() {
    return deadline;
  }
}
