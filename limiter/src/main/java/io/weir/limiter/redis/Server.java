package io.weir.limiter.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One server, and whether it is asked: after many failures not for a while. Thread-safe. */
final class Server {
  private final CircuitBreaker breaker;

  /** That of the last call which failed, until it is back where there was nobody to ask. */
  private volatile @Nullable Throwable lastFailure;

  Server(CircuitBreaker breaker) {
    this.breaker = breaker;
  }

  /** Whether it may be asked now; what comes of it must be told. */
  boolean mayBeAsked() {
    return breaker.tryAcquirePermission();
  }

  /** Says that it may not be asked, and why. */
  RedisUnavailableException notAsked() {
    Throwable failure = lastFailure;
    return RedisUnavailableException.notAsked(
        "Redis failed lately and is not asked for a while"
            + (failure == null ? "" : ": " + sentence(failure)));
  }

  private static @Nullable String sentence(Throwable failure) {
    return failure instanceof NotExecutedException
        ? failure.getMessage()
        : Conversations.unavailable(failure).getMessage();
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
      if (lastFailure instanceof NotExecutedException) {
        // It is back: how often it was not there says nothing of it now.
        lastFailure = null;
        breaker.reset();
      }
      breaker.onSuccess(tookNanos, TimeUnit.NANOSECONDS);
    } else {
      lastFailure = failure;
      breaker.onError(tookNanos, TimeUnit.NANOSECONDS, failure);
    }
  }
}
