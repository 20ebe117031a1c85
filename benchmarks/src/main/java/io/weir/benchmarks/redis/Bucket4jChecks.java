package io.weir.benchmarks.redis;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;

/** Bucket4j with the same bucket, changed by compare-and-set, as it does on Redis. */
final class Bucket4jChecks implements Checks {
  private static final String PREFIX = "bucket4j-bench:";

  /** Kept so much longer than it takes until the bucket is full: as in Bucket4j's own example. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private final RedisClient client;
  private final StatefulRedisConnection<String, byte[]> connection;
  private final ProxyManager<String> buckets;
  private final BucketConfiguration bucket =
      BucketConfiguration.builder()
          .addLimit(
              limit ->
                  limit.capacity(Users.BURST).refillGreedy(Users.PER_SECOND, Duration.ofSeconds(1)))
          .build();

  Bucket4jChecks(String uri) {
    this.client = RedisClient.create(uri);
    this.connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    this.buckets =
        Bucket4jLettuce.casBasedBuilder(connection)
            .expirationAfterWrite(
                ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
            .build();
  }

  @Override
  public Answer check(String user) {
    return buckets.getProxy(key(user), () -> bucket).tryConsumeAndReturnRemaining(1).isConsumed()
        ? Answer.ALLOWED
        : Answer.DENIED;
  }

  @Override
  public String key(String user) {
    return PREFIX + user;
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
