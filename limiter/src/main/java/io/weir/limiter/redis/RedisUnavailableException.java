package io.weir.limiter.redis;

/**
 * Redis could not be asked, or did not answer in time. Checks do not throw it: they are decided as
 * their rules say ({@code on_error}). A refund or a reset that throws it may have been carried out.
 */
public final class RedisUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RedisUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  RedisUnavailableException(String message) {
    super(message);
  }
}
