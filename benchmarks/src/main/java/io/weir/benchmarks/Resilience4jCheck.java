package io.weir.benchmarks;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.weir.limiter.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Resilience4j's rate limiter as it comes (the atomic one, nobody subscribed to its events), told
 * not to wait. Its cycles are the counterpart of Weir's fixed window.
 *
 * <p>The caller holds the limiter, or finds it in a map by a key that is ready made. Nothing is
 * matched, no key is written, limiters never expire, and the answer is yes or no: neither what
 * remains nor when to retry.
 */
public class Resilience4jCheck extends AverageTime {
  /** How many ask in turn: 1 is the hot identifier. */
  @Param({"1", "100000"})
  public int identifiers;

  /** Whether the limits admit everything, or nothing any more. */
  @Param("ALLOW")
  public Verdict verdict;

  private final Map<String, RateLimiter> byKey = new ConcurrentHashMap<>();
  private RateLimiterConfig config;
  private RateLimiter[] limiters;
  private String[] keys;

  /** Lets each identifier ask once. */
  @Setup
  public void start() {
    boolean allow = verdict == Verdict.ALLOW;
    config =
        RateLimiterConfig.custom()
            .limitForPeriod(allow ? Rules.ENOUGH_PER_SECOND : 1)
            .limitRefreshPeriod(allow ? Duration.ofSeconds(1) : Duration.ofDays(365))
            .timeoutDuration(Duration.ZERO)
            .build();
    List<String> users = Users.shuffled(identifiers);
    keys = users.toArray(String[]::new);
    limiters = users.stream().map(this::limiter).toArray(RateLimiter[]::new);
    for (int i = 0; i < keys.length; i++) {
      byKey.put(keys[i], limiters[i]);
      limiters[i].acquirePermission();
    }
  }

  /** Yes or no, of a limiter at hand. */
  @Benchmark
  public boolean acquire(Turn turn) {
    return limiters[turn.next(limiters.length)].acquirePermission();
  }

  /** Yes or no, of the limiter of a key. */
  @Benchmark
  public boolean acquireByKey(Turn turn) {
    return byKey.computeIfAbsent(keys[turn.next(keys.length)], this::limiter).acquirePermission();
  }

  private RateLimiter limiter(String user) {
    return RateLimiter.of(user, config);
  }
}
