package io.weir.benchmarks;

import io.github.bucket4j.Bucket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * Bucket4j's local bucket as it comes: lock-free, on the clock of milliseconds, refilled greedily,
 * so the counterpart of Weir's token bucket. Buckets never expire.
 */
public class PlainBucket4j extends PlainQuestion {
  private final Map<String, Bucket> byKey = new ConcurrentHashMap<>();
  private String[] order;
  private Bucket[] held;

  /** Lets each key ask once, so that its bucket exists. */
  @Setup
  public void start() {
    order = inOrder();
    held = new Bucket[order.length];
    for (int i = 0; i < order.length; i++) {
      held[i] = bucket();
      byKey.put(order[i], held[i]);
      held[i].tryConsume(1);
    }
  }

  /** Of a bucket at hand. */
  @Benchmark
  public boolean held(Turn turn) {
    return held[turn.next(held.length)].tryConsume(1);
  }

  /** Of the bucket of a key. */
  @Benchmark
  public boolean keyed(Turn turn) {
    String key = order[turn.next(order.length)];
    Bucket known = byKey.get(key);
    return (known == null ? byKey.computeIfAbsent(key, unused -> bucket()) : known).tryConsume(1);
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(requests()).refillGreedy(requests(), period()))
        .build();
  }
}
