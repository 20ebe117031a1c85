package io.weir.limiter.plain;

import io.weir.limiter.algorithm.Limit;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes calls that a limit admitted. */
final class Guarded {
  private Guarded() {}

  static <T> T call(Limit limit, Object key, PlainDecision decision, Callable<T> call)
      throws Exception {
    if (!decision.isAllowed()) {
      throw new LimitExceededException(limit, key, decision);
    }
    if (decision.delayMillis() > 0) {
      Thread.sleep(decision.delayMillis());
    }
    return call.call();
  }

  static <T> CompletableFuture<T> callAsync(
      Limit limit,
      Object key,
      PlainDecision decision,
      Supplier<? extends CompletionStage<T>> call) {
    if (!decision.isAllowed()) {
      return CompletableFuture.failedFuture(new LimitExceededException(limit, key, decision));
    }
    if (decision.delayMillis() == 0) {
      return CompletableFuture.<@Nullable Void>completedFuture(null)
          .thenCompose(nothing -> made(call));
    }
    CompletableFuture<@Nullable Void> turn =
        new CompletableFuture<@Nullable Void>()
            .completeOnTimeout(null, decision.delayMillis(), TimeUnit.MILLISECONDS);
    // What is cancelled makes no call any more.
    CompletableFuture<T> result = turn.thenComposeAsync(nothing -> made(call));
    // The timer forgets what is complete.
    var unused = result.whenComplete((value, failure) -> turn.complete(null));
    return result;
  }

  private static <T> CompletionStage<T> made(Supplier<? extends CompletionStage<T>> call) {
    return Objects.requireNonNull(call.get(), "the call returned null; it must return a stage");
  }
}
