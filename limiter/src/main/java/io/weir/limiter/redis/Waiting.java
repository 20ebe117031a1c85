package io.weir.limiter.redis;

import java.util.concurrent.CompletableFuture;

/** Something asked of the script that is not answered yet. Thread-safe. */
final class Waiting extends CompletableFuture<Found> {
  private final Ask ask;

  Waiting(Ask ask) {
    this.ask = ask;
  }

  Ask ask() {
    return ask;
  }
}
