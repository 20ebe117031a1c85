package io.weir.limiter.redis;

import org.jspecify.annotations.Nullable;

/** A call that certainly did nothing: it may be made once more. */
class NotExecutedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotExecutedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
