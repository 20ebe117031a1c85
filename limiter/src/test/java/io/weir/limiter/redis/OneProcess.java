package io.weir.limiter.redis;

import io.weir.limiter.Decision;
import io.weir.limiter.Request;
import io.weir.limiter.rule.RuleSet;
import io.weir.limiter.rule.RulesReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One of several processes that ask for the same keys: {@link ManyProcessesTest}. */
public final class OneProcess {
  static final int LIMIT = 400;
  static final List<String> ALGORITHMS =
      List.of(
          "token_bucket",
          "leaky_bucket",
          "fixed_window",
          "sliding_window_log",
          "sliding_window_counter");

  private static final int THREADS = 4;
  private static final int CHECKS = 100;

  private OneProcess() {}

  /**
   * Asks, and prints how many of each algorithm were allowed.
   *
   * @param args where Redis is, and by how many hours this machine's clock is wrong
   */
  public static void main(String[] args) throws Exception {
    allowed(args[0], Duration.ofHours(Long.parseLong(args[1])))
        .forEach((algorithm, count) -> System.out.println(algorithm + " " + count));
  }

  /** Asks with a clock that is wrong, and returns how many of each algorithm were allowed. */
  static Map<String, Integer> allowed(String uri, Duration wrong) throws Exception {
    RuleSet rules = rules();
    Map<String, Integer> allowed = new LinkedHashMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (RedisRateLimiter limiter =
        RedisRateLimiter.builder(() -> rules)
            .uri(uri)
            .timeout(Duration.ofSeconds(30))
            .clock(() -> Instant.now().plus(wrong))
            .build()) {
      for (String algorithm : ALGORITHMS) {
        allowed.put(algorithm, allowed(pool, limiter, algorithm));
      }
      return allowed;
    } finally {
      pool.shutdownNow();
    }
  }

  private static int allowed(ExecutorService pool, RedisRateLimiter limiter, String algorithm)
      throws Exception {
    List<Future<Integer>> shares = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      shares.add(
          pool.submit(
              () -> {
                int allowed = 0;
                for (int i = 0; i < CHECKS; i++) {
                  Decision decision = limiter.check(Request.of("api", algorithm, "hot"));
                  if (decision.degraded()) {
                    throw new IllegalStateException("degraded: " + decision);
                  }
                  allowed += decision.isAllowed() ? 1 : 0;
                }
                return allowed;
              }));
    }
    int allowed = 0;
    for (Future<Integer> share : shares) {
      allowed += share.get();
    }
    return allowed;
  }

  /** Buckets that a day does not fill by one, and windows of a year. */
  private static RuleSet rules() {
    StringBuilder text = new StringBuilder("domain: api\ndescriptors:\n");
    for (String algorithm : ALGORITHMS) {
      String numbers =
          algorithm.endsWith("bucket")
              ? "unit: year, requests_per_unit: 1, burst: " + LIMIT
              : "unit: year, requests_per_unit: " + LIMIT;
      text.append("  - key: ").append(algorithm).append("\n    rate_limit: {algorithm: ");
      text.append(algorithm).append(", ").append(numbers).append("}\n");
    }
    return RuleSet.of(RulesReader.standard().read("test", text.toString()));
  }
}
