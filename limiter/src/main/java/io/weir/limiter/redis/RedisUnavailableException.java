package io.weir.limiter.redis;

import io.weir.limiter.BackendUnavailableException;
import java.time.Duration;

/**
 * Redis could not be asked, or did not answer in time. Checks do not throw it: they are decided as
 * their rules say ({@code on_error}). A refund or a reset that throws it may have been carried out.
 */
public final class RedisUnavailableException extends BackendUnavailableException {
  private static final long serialVersionUID = 1;

  RedisUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  RedisUnavailableException(String message) {
    super(message);
  }

  /** That there was no answer in time. */
  static RedisUnavailableException late(Duration timeout) {
    return new RedisUnavailableException(
        "Redis did not answer within " + timeout.toMillis() + " ms");
  }
}
