package io.weir.benchmarks;

import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.plain.KeyedLimiter;
import io.weir.limiter.plain.PlainLimiter;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The plain limiter. Its keys expire. */
public class PlainWeir extends PlainQuestion {
  /** The algorithm. */
  @Param({
    "token_bucket",
    "fixed_window",
    "leaky_bucket",
    "sliding_window_log",
    "sliding_window_counter"
  })
  public String algorithm;

  private KeyedLimiter<String> limiter;
  private String[] order;
  private PlainLimiter[] held;

  /** Lets each key ask once, so that it is known. */
  @Setup
  public void start() {
    Limit limit =
        Limit.of(Algorithms.standard().find(algorithm).orElseThrow(), requests(), period());
    limiter = KeyedLimiter.builder(limit).maxKeys(2L * keys).build();
    order = inOrder();
    held = Arrays.stream(order).map(limiter::key).toArray(PlainLimiter[]::new);
    for (PlainLimiter each : held) {
      each.tryAcquire();
    }
  }

  /** Of a limiter at hand. */
  @Benchmark
  public boolean held(Turn turn) {
    return held[turn.next(held.length)].tryAcquire();
  }

  /** Of a key. */
  @Benchmark
  public boolean keyed(Turn turn) {
    return limiter.tryAcquire(order[turn.next(order.length)]);
  }
}
