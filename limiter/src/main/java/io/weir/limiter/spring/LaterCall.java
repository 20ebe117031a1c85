package io.weir.limiter.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that returns a stage, which waits for its permit and then for a thread. Who cancels the
 * result before the call was made has made none, and the permit is given back; later it cancels
 * what the call returned. Thread-safe.
 */
final class LaterCall {
  private final Supplier<CompletionStage<@Nullable Object>> call;
  private final CompletableFuture<@Nullable Object> result = new CompletableFuture<>();

  /** Whether it is settled if the call is made. */
  private final AtomicBoolean settled = new AtomicBoolean();

  private LaterCall(Supplier<CompletionStage<@Nullable Object>> call) {
    this.call = call;
  }

  /**
   * What the call gives.
   *
   * @param executor makes the call: who brings the permit must not be blocked
   * @param call does not throw
   */
  static CompletableFuture<@Nullable Object> of(
      CompletableFuture<Permits.Permit> permit,
      Executor executor,
      Supplier<CompletionStage<@Nullable Object>> call) {
    LaterCall later = new LaterCall(call);
    // Who does not want to wait any more gets the place in the queue back.
    var unused = later.result.whenComplete((value, failure) -> permit.cancel(false));
    var unusedToo =
        permit.whenComplete(
            (taken, failure) -> {
              if (failure == null) {
                later.begin(taken, executor);
              } else {
                later.result.completeExceptionally(failure);
              }
            });
    return later.result;
  }

  private void begin(Permits.Permit permit, Executor executor) {
    var unused = result.whenComplete((value, failure) -> giveUp(permit));
    try {
      executor.execute(this::make);
    } catch (Throwable e) {
      // Rejected, or there is no thread to be had.
      giveUp(permit);
      result.completeExceptionally(e);
    }
  }

  private void giveUp(Permits.Permit permit) {
    if (settled.compareAndSet(false, true)) {
      permit.giveBack();
    }
  }

  private void make() {
    if (!settled.compareAndSet(false, true)) {
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
