package io.weir.limiter.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that returns a stage, which waits for its permit and then for a thread. Who cancels the
 * result before the call was made has made none, and the permit is given back; later it cancels
 * what the call returned. Thread-safe.
 */
final class LaterCall {
  private final Claim<?> claim;
  private final Supplier<CompletionStage<@Nullable Object>> call;
  private final CompletableFuture<@Nullable Object> result = new CompletableFuture<>();

  private LaterCall(Claim<?> claim, Supplier<CompletionStage<@Nullable Object>> call) {
    this.claim = claim;
    this.call = call;
  }

  /**
   * What the call gives.
   *
   * @param claim the permit
   * @param executor makes the call: who brings the permit must not be blocked
   * @param call does not throw
   */
  static CompletableFuture<@Nullable Object> of(
      Claim<?> claim, Executor executor, Supplier<CompletionStage<@Nullable Object>> call) {
    LaterCall later = new LaterCall(claim, call);
    var unused = later.result.whenComplete((value, failure) -> claim.giveUp());
    var unusedToo =
        claim
            .taken()
            .whenComplete(
                (taken, failure) -> {
                  if (failure == null) {
                    later.begin(executor);
                  } else {
                    later.result.completeExceptionally(failure);
                  }
                });
    return later.result;
  }

  private void begin(Executor executor) {
    try {
      executor.execute(this::make);
    } catch (Throwable e) {
      // Rejected, or there is no thread to be had.
      result.completeExceptionally(e);
    }
  }

  private void make() {
    if (!claim.begin()) {
      return;
    }
    CompletionStage<@Nullable Object> stage = call.get();
    var unused =
        stage.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                result.complete(value);
              } else {
                result.completeExceptionally(failure);
              }
            });
    var unusedToo =
        result.whenComplete(
            (value, failure) -> {
              if (result.isCancelled()) {
                stage.toCompletableFuture().cancel(true);
              }
            });
  }
}
