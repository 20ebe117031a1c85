package io.weir.benchmarks;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.local.LocalBucketBuilder;
import io.weir.limiter.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Bucket4j's local bucket as it comes: lock-free, on the clock of milliseconds, refilled greedily,
 * so the counterpart of Weir's token bucket.
 *
 * <p>The caller holds the bucket, or finds it in a map by a key that is ready made. Nothing is
 * matched, no key is written, and buckets never expire. {@code tryConsume} answers yes or no;
 * {@code probe} tells what remains and when to retry, which is nearest to Weir's decision.
 */
public class Bucket4jCheck extends AverageTime {
  /** Limits that apply: bandwidths of one bucket. */
  @Param({"1", "2"})
  public int limits;

  /** How many ask in turn: 1 is the hot identifier. */
  @Param({"1", "100000"})
  public int identifiers;

  /** Whether the limits admit everything, or nothing any more. */
  @Param("ALLOW")
  public Verdict verdict;

  private final Map<String, Bucket> byKey = new ConcurrentHashMap<>();
  private Bucket[] buckets;
  private String[] keys;

  /** Lets each identifier ask once, so that its bucket exists. */
  @Setup
  public void start() {
    List<String> users = Users.shuffled(identifiers);
    keys = users.toArray(String[]::new);
    buckets = users.stream().map(user -> bucket()).toArray(Bucket[]::new);
    for (int i = 0; i < keys.length; i++) {
      byKey.put(keys[i], buckets[i]);
      buckets[i].tryConsume(1);
    }
  }

  /** Yes or no, of a bucket at hand. */
  @Benchmark
  public boolean tryConsume(Turn turn) {
    return buckets[turn.next(buckets.length)].tryConsume(1);
  }

  /** What remains and when to retry, of a bucket at hand. */
  @Benchmark
  public ConsumptionProbe probe(Turn turn) {
    return buckets[turn.next(buckets.length)].tryConsumeAndReturnRemaining(1);
  }

  /** What remains and when to retry, of the bucket of a key. */
  @Benchmark
  public ConsumptionProbe probeByKey(Turn turn) {
    return byKey
        .computeIfAbsent(keys[turn.next(keys.length)], key -> bucket())
        .tryConsumeAndReturnRemaining(1);
  }

  private Bucket bucket() {
    LocalBucketBuilder builder = Bucket.builder();
    for (int i = 0; i < limits; i++) {
      // Two bandwidths must differ.
      long enough = (long) Rules.ENOUGH_PER_SECOND - i;
      if (verdict == Verdict.ALLOW) {
        builder.addLimit(
            limit -> limit.capacity(enough).refillGreedy(enough, Duration.ofSeconds(1)));
      } else {
        Duration period = Duration.ofDays(365 + i);
        builder.addLimit(limit -> limit.capacity(1).refillGreedy(1, period));
      }
    }
    return builder.build();
  }
}
