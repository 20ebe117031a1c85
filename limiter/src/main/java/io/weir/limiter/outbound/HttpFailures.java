package io.weir.limiter.outbound;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** What a limiter says, in the words that callers of a HttpClient are ready for. */
final class HttpFailures {
  private HttpFailures() {}

  /** The failure of a request that its limiter did not let go; empty if it failed otherwise. */
  static Optional<IOException> ofLimiter(Throwable failure) {
    if (failure instanceof RateLimitWaitException) {
      HttpTimeoutException timeout = new HttpTimeoutException(failure.getMessage());
      timeout.initCause(failure);
      return Optional.of(timeout);
    }
    // A timer that is closed rejects as well.
    return failure instanceof RejectedExecutionException || failure instanceof IllegalStateException
        ? Optional.of(new IOException(failure.getMessage(), failure))
        : Optional.empty();
  }

  /**
   * The failure of a request that is not sent again, because the pause before ended early.
   *
   * @param ended why it did
   * @param before what the pause followed, if that was a failure: then it is the cause
   */
  static IOException notSentAgain(Throwable ended, @Nullable Throwable before) {
    IOException told = new IOException(ended.getMessage(), before == null ? ended : before);
    if (before != null) {
      told.addSuppressed(ended);
    }
    return told;
  }
}
