package io.weir.benchmarks;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Resilience4j's rate limiter as it comes (the atomic one, nobody subscribed to its events), told
 * not to wait. Its cycles are the counterpart of Weir's fixed window. Limiters never expire.
 */
public class PlainResilience4j extends PlainQuestion {
  private final Map<String, RateLimiter> byKey = new ConcurrentHashMap<>();
  private RateLimiterConfig config;
  private String[] order;
  private RateLimiter[] held;

  /** Lets each key ask once, so that its limiter exists. */
  @Setup
  public void start() {
    config =
        RateLimiterConfig.custom()
            .limitForPeriod(requests())
            .limitRefreshPeriod(period())
            .timeoutDuration(Duration.ZERO)
            .build();
    order = inOrder();
    held = new RateLimiter[order.length];
    for (int i = 0; i < order.length; i++) {
      held[i] = RateLimiter.of(order[i], config);
      byKey.put(order[i], held[i]);
      held[i].acquirePermission();
    }
  }

  /** Of a limiter at hand. */
  @Benchmark
  public boolean held(Turn turn) {
    return held[turn.next(held.length)].acquirePermission();
  }

  /** Of the limiter of a key. */
  @Benchmark
  public boolean keyed(Turn turn) {
    String key = order[turn.next(order.length)];
    RateLimiter known = byKey.get(key);
    return (known == null
            ? byKey.computeIfAbsent(key, name -> RateLimiter.of(name, config))
            : known)
        .acquirePermission();
  }
}
