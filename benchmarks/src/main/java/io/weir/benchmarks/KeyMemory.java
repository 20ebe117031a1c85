package io.weir.benchmarks;

import com.google.common.util.concurrent.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.weir.limiter.algorithm.Algorithm;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.algorithm.Limit;
import io.weir.limiter.plain.KeyedLimiter;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Prints how many bytes of heap each library takes for a key that asked once: what the heap holds
 * more after a collection, shared by all keys. The keys themselves are not counted. Libraries
 * without keys are kept in a {@link ConcurrentHashMap}.
 */
public final class KeyMemory {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int REQUESTS = 100;

  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private final List<String> keys;

  /** For so many keys. */
  KeyMemory(int keys) {
    this.keys = Users.shuffled(keys);
  }

  /** Measures; the one argument is the number of keys, 1,000,000 by default. */
  public static void main(String[] arguments) {
    int keys = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
    new KeyMemory(keys).print(System.out);
  }

  /** Measures, and prints a line for each way to keep limiters. */
  void print(PrintStream out) {
    Map<String, Double> bytes = new LinkedHashMap<>();
    bytes.put("Bucket4j, a bucket each", perKey(mapped(key -> bucket())));
    for (String algorithm : Algorithms.standard().names()) {
      bytes.put("Weir " + algorithm, perKey(() -> weir(algorithm)));
    }
    RateLimiterConfig config =
        RateLimiterConfig.custom()
            .limitForPeriod(REQUESTS)
            .limitRefreshPeriod(HOUR)
            .timeoutDuration(Duration.ZERO)
            .build();
    bytes.put(
        "Resilience4j, a limiter each",
        perKey(mapped(key -> io.github.resilience4j.ratelimiter.RateLimiter.of(key, config))));
    bytes.put("Guava, a limiter each", perKey(mapped(key -> RateLimiter.create(REQUESTS))));
    double bucket4j = bytes.values().iterator().next();
    bytes.forEach(
        (name, each) ->
            out.printf(
                Locale.ROOT,
                "%-30s %6.1f bytes a key  %.2f of Bucket4j's%n",
                name,
                each,
                each / bucket4j));
  }

  /** Something that has a limiter for each key, and has asked it. */
  private interface Kept {
    Consumer<String> build();
  }

  private static Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(REQUESTS).refillGreedy(REQUESTS, HOUR))
        .build();
  }

  private Consumer<String> weir(String algorithm) {
    Algorithm<?> found = Algorithms.standard().find(algorithm).orElseThrow();
    KeyedLimiter<String> limiter =
        KeyedLimiter.builder(Limit.of(found, REQUESTS, HOUR)).maxKeys(2L * keys.size()).build();
    return limiter::tryAcquire;
  }

  private static Kept mapped(Function<String, Object> limiter) {
    return () -> {
      Map<String, Object> byKey = new ConcurrentHashMap<>();
      return key -> ask(byKey.computeIfAbsent(key, limiter));
    };
  }

  private static void ask(Object limiter) {
    if (limiter instanceof Bucket bucket) {
      bucket.tryConsume(1);
    } else if (limiter instanceof RateLimiter guava) {
      var unused = guava.tryAcquire();
    } else if (limiter instanceof io.github.resilience4j.ratelimiter.RateLimiter resilience4j) {
      resilience4j.acquirePermission();
    }
  }

  private double perKey(Kept kept) {
    long before = usedBytes();
    Consumer<String> limiter = kept.build();
    try {
      keys.forEach(limiter);
      return (usedBytes() - before) / (double) keys.size();
    } finally {
      Reference.reachabilityFence(limiter);
    }
  }

  private long usedBytes() {
    System.gc();
    System.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
