package io.weir.limiter.spring;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers of limiters as publishers. */
final class Futures {
  private Futures() {}

  /**
   * What a future gives that is made for each subscription, and cancelled with it. Who brings the
   * answer of a server is not blocked by what follows.
   */
  static <T extends @Nullable Object> Mono<T> mono(Supplier<CompletableFuture<T>> futures) {
    return Mono.defer(
        () -> {
          CompletableFuture<T> future = futures.get();
          Mono<T> mono = Mono.fromFuture(future);
          return future.isDone() ? mono : mono.publishOn(Schedulers.parallel());
        });
  }
}
