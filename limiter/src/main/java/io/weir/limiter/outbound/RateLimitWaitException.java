package io.weir.limiter.outbound;

import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call would have to wait longer than it may; it took nothing. */
public final class RateLimitWaitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Duration waitNeeded;
  private final Duration deadline;

  RateLimitWaitException(String limiter, long tokens, Duration waitNeeded, Duration deadline) {
    super(
        "'"
            + limiter
            + "': "
            + tokens
            + (tokens == 1 ? " token is" : " tokens are")
            + " to be had after "
            + Spans.exact(waitNeeded)
            + ", the call may wait "
            + Spans.exact(Times.atMostForever(deadline)));
    this.waitNeeded = waitNeeded;
    this.deadline = deadline;
  }

  /** The exception of a call that waited in vain for others to end. */
  RateLimitWaitException(String limiter, Duration deadline) {
    super(
        "'"
            + limiter
            + "': as many calls as may be are under way, and none ended in "
            + Spans.exact(Times.atMostForever(deadline))
            + ", as long as the call may wait");
    this.waitNeeded = null;
    this.deadline = deadline;
  }

  /**
   * How long it would have had to wait, as things stood; empty where nobody can know, because other
   * calls had to end first.
   */
  public Optional<Duration> waitNeeded() {
    return Optional.ofNullable(waitNeeded);
  }

  /** How long it could have waited. */
  public Duration deadline() {
    return deadline;
  }
}
