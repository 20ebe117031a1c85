package io.weir.streams.query;

import io.weir.limiter.BackendUnavailableException;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Failures of what keeps the state of limits, as problems for who asked. */
public final class StateFailures {
  private StateFailures() {}

  /** What a failure to read the state is to who asked. */
  static RuntimeException ofReading(Throwable failure) {
    return problem(failure, unavailable -> unavailable.getMessage() + "; ask again");
  }

  /** What a failure to change the state is to who asked. */
  public static RuntimeException ofChange(Throwable failure) {
    return problem(failure, BackendUnavailableException::messageOfChange);
  }

  private static RuntimeException problem(
      Throwable failure, Function<BackendUnavailableException, String> detail) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof BackendUnavailableException unavailable) {
      return new ProblemException(
          ProblemKind.REDIS_UNAVAILABLE, detail.apply(unavailable), unavailable);
    }
    return cause instanceof RuntimeException known ? known : new CompletionException(cause);
  }
}
