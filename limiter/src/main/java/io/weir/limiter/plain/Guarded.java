package io.weir.limiter.plain;

import io.weir.limiter.algorithm.Limit;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

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
    Executor inTurn =
        decision.delayMillis() > 0
            ? CompletableFuture.delayedExecutor(decision.delayMillis(), TimeUnit.MILLISECONDS)
            : Runnable::run;
    return CompletableFuture.supplyAsync(call, inTurn)
        .thenCompose(
            stage ->
                Objects.requireNonNull(stage, "the call returned null; it must return a stage"));
  }
}
