package io.weir.limiter.outbound;

import java.util.concurrent.CompletableFuture;

/** A future that knows more than what it completes with; those that are made of it do not. */
abstract class KnowingFuture<T> extends CompletableFuture<T> {
  @Override
  public final <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
