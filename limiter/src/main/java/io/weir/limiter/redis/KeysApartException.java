package io.weir.limiter.redis;

import org.jspecify.annotations.Nullable;

/** A slot of the cluster is on its way to another server, which has some of the keys already. */
final class KeysApartException extends NotExecutedException {
  private static final long serialVersionUID = 1;

  KeysApartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
