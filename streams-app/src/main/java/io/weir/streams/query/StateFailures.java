package io.weir.streams.query;

import io.weir.limiter.BackendUnavailableException;
import java.util.concurrent.CompletionException;

/** Failures of what keeps the state of limits, as problems for who asked. */
public final class StateFailures {
  private StateFailures() {}

  /**
   * What a failure is to who asked.
   *
   * @param consequence what follows from it, behind a sentence
   */
  public static RuntimeException problem(Throwable failure, String consequence) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof BackendUnavailableException) {
      return new ProblemException(
          ProblemKind.REDIS_UNAVAILABLE, cause.getMessage() + consequence, cause);
    }
    return cause instanceof RuntimeException known ? known : new CompletionException(cause);
  }
}
