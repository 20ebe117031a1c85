package io.weir.benchmarks;

import io.weir.limiter.plain.PlainLimiter;
import java.util.function.Supplier;

/** A supplier behind a limiter, as Resilience4j decorates one. */
final class Guarded {
  private Guarded() {}

  static Supplier<String> by(PlainLimiter limiter, Supplier<String> supplier) {
    return () -> {
      if (!limiter.tryAcquire()) {
        throw new IllegalStateException("denied");
      }
      return supplier.get();
    };
  }
}
