package io.weir.limiter.spring;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers of limiters as publishers. */
final class Futures {
  private Futures() {}

  /**
   * What a future gives, which is cancelled with the subscription. Who brings the answer of a
   * server is not blocked by what follows.
   */
  static <T extends @Nullable Object> Mono<T> mono(CompletableFuture<T> future) {
    Mono<T> mono = Mono.fromFuture(future);
    return future.isDone() ? mono : mono.publishOn(Schedulers.parallel());
  }
}
