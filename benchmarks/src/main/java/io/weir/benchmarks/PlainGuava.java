package io.weir.benchmarks;

import com.google.common.util.concurrent.RateLimiter;
import io.weir.limiter.Verdict;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Guava's rate limiter as it comes: bursts of a second's permits. It lends: who asks is admitted
 * whatever the cost, and the next one waits for it. Limiters never expire.
 */
public class PlainGuava extends PlainQuestion {
  private final Map<String, RateLimiter> byKey = new ConcurrentHashMap<>();
  private String[] order;
  private RateLimiter[] held;

  /** Lets each key ask once, so that its limiter exists. */
  @Setup
  public void start() {
    order = inOrder();
    held = new RateLimiter[order.length];
    for (int i = 0; i < order.length; i++) {
      held[i] = limiter();
      byKey.put(order[i], held[i]);
      var unused = held[i].tryAcquire();
    }
  }

  /** Of a limiter at hand. */
  @Benchmark
  public boolean held(Turn turn) {
    return held[turn.next(held.length)].tryAcquire();
  }

  /** Of the limiter of a key. */
  @Benchmark
  public boolean keyed(Turn turn) {
    String key = order[turn.next(order.length)];
    RateLimiter known = byKey.get(key);
    return (known == null ? byKey.computeIfAbsent(key, unused -> limiter()) : known).tryAcquire();
  }

  private RateLimiter limiter() {
    double perSecond = requests() / (double) period().toSeconds();
    // Guava admits at most one in the nanosecond that a rate of a billion leaves it.
    return RateLimiter.create(verdict == Verdict.ALLOW ? Long.MAX_VALUE / 2.0 : perSecond);
  }
}
