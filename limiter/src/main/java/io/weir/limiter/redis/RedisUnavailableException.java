package io.weir.limiter.redis;

import io.weir.limiter.BackendUnavailableException;
import io.weir.limiter.words.Spans;
import java.time.Duration;

/**
 * Redis could not be asked, or did not answer in time. Checks do not throw it: they are decided as
 * their rules say ({@code on_error}). A refund or a reset that throws it may have been carried out,
 * unless {@link #isCertainlyNotDone()}.
 */
public final class RedisUnavailableException extends BackendUnavailableException {
  private static final long serialVersionUID = 1;

  RedisUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  RedisUnavailableException(String message) {
    super(message);
  }

  /** That nothing was sent. */
  static RedisUnavailableException notAsked(String message) {
    return new RedisUnavailableException(message, new NotExecutedException(message, null));
  }

  /** That there was no answer in time. */
  static RedisUnavailableException late(Duration timeout) {
    return new RedisUnavailableException("Redis did not answer within " + Spans.exact(timeout));
  }

  /**
   * {@inheritDoc} That is so where there is no connection, where Redis says that it does not even
   * begin, while it is left alone after many failures, and where too many wait for it.
   */
  @Override
  public boolean isCertainlyNotDone() {
    return getCause() instanceof NotExecutedException;
  }

  /** This failure, where of other parts of the same request nobody knows. */
  RedisUnavailableException ofOnePart() {
    return new RedisUnavailableException(String.valueOf(getMessage()), this);
  }
}
