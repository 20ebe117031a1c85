package io.weir.limiter.spring;

import io.weir.limiter.redis.RedisBackend;
import io.weir.limiter.words.Causes;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Looks whether Redis answers, within the time that a request may wait for it. Thread-safe. */
final class RedisProbe {
  /** One whom no rule limits, so that nothing is charged and nothing is found. */
  private static final String NOBODY = "weir/health=";

  private final RedisBackend backend;

  RedisProbe(RedisBackend backend) {
    this.backend = backend;
  }

  /** Why it does not answer; empty where it does. */
  Optional<String> trouble() {
    try {
      var unused = backend.inspect(NOBODY).toCompletableFuture().join();
      return Optional.empty();
    } catch (CompletionException e) {
      Throwable failure = e.getCause() == null ? e : e.getCause();
      return Optional.of(failure.getMessage() + because(failure));
    }
  }

  /** What is at the bottom of it, such as a connection that was refused. */
  private static String because(Throwable failure) {
    Throwable root = Causes.root(failure);
    return root == failure || String.valueOf(failure.getMessage()).contains(root + "")
        ? ""
        : " (" + root.getMessage() + ")";
  }

  /** Where it looks, without passwords. */
  @Override
  public String toString() {
    return backend.toString();
  }
}
