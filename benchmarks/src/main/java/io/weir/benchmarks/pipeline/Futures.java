package io.weir.benchmarks.pipeline;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for what is on its way. */
final class Futures {
  private Futures() {}

  /**
   * The result.
   *
   * @throws IllegalStateException if there is none
   */
  static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("it failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
