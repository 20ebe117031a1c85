package io.weir.limiter.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One server, and whether it is asked: after many failures not for a while. Thread-safe. */
final class Server {
  private final CircuitBreaker breaker;

  /** Whether the last failure was that there was nobody to ask. */
  private volatile boolean away;

  Server(CircuitBreaker breaker) {
    this.breaker = breaker;
  }

  /** Whether it may be asked now; what comes of it must be told. */
  boolean mayBeAsked() {
    return breaker.tryAcquirePermission();
  }

  /**
   * Takes note of what came of asking it.
   *
   * @param failure null where it answered
   */
  void answered(long tookNanos, @Nullable Throwable failure) {
    // Who answers with an error is there.
    if (failure == null
        || failure instanceof RedisCommandExecutionException
        || failure instanceof KeysApartException) {
      if (away) {
        // It is back: how often it was not there says nothing of it now.
        away = false;
        breaker.reset();
      }
      breaker.onSuccess(tookNanos, TimeUnit.NANOSECONDS);
    } else {
      away = failure instanceof NotExecutedException;
      breaker.onError(tookNanos, TimeUnit.NANOSECONDS, failure);
    }
  }
}
