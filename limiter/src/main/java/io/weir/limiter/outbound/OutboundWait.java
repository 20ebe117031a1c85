package io.weir.limiter.outbound;

import io.weir.limiter.words.Spans;
import java.time.Duration;
import java.util.Optional;

/**
 * That a call has to wait, and what for.
 *
 * @param limiter name of the limiter
 * @param tokens what the call takes
 * @param cause what it waits for
 * @param expected how long, if nothing changes; empty where nobody can know, which is so for {@link
 *     Cause#CONCURRENCY}
 * @param ahead how many calls wait before it
 */
public record OutboundWait(
    String limiter, long tokens, Cause cause, Optional<Duration> expected, int ahead) {

  /** What a call waits for. */
  public enum Cause {
    /** For tokens. */
    BUCKET("the bucket"),

    /** For the time that the server said to stay away until. */
    SERVER("the server's word"),

    /** For calls that are under way to end. */
    CONCURRENCY("calls that are under way");

    private final String text;

    Cause(String text) {
      this.text = text;
    }
  }

  /** As a log says it. */
  @Override
  public String toString() {
    return "'"
        + limiter
        + "' waits for "
        + cause.text
        + expected.map(duration -> " for " + Spans.exact(duration)).orElse("")
        + " ("
        + tokens
        + (tokens == 1 ? " token, " : " tokens, ")
        + ahead
        + " ahead)";
  }
}
