package io.weir.limiter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/** One Redis for all tests of a JVM that only need some, and a connection to it. */
public final class SharedRedis {
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private SharedRedis() {}

  private static final class Instance {
    static final RedisProcess REDIS = RedisProcess.start();
    static final StatefulRedisConnection<byte[], byte[]> CONNECTION =
        RedisClient.create(REDIS.uri()).connect(ByteArrayCodec.INSTANCE);
  }

  /** Where it is. */
  public static String uri() {
    return Instance.REDIS.uri();
  }

  static StatefulRedisConnection<byte[], byte[]> connection() {
    return Instance.CONNECTION;
  }

  /** The beginning of keys that nobody else has. */
  public static String newPrefix() {
    return "test" + PREFIXES.incrementAndGet() + ":";
  }

  /** A backend without state that knows no other time than a clock's. */
  static InjectedTimeBackend backend(InstantSource clock, Duration lateness) {
    return backend(newPrefix(), clock, lateness);
  }

  /** A backend that shares its state with others of the same prefix. */
  static InjectedTimeBackend backend(String prefix, InstantSource clock, Duration lateness) {
    return new InjectedTimeBackend(connection(), prefix, clock, lateness);
  }

  /** A backend without state that asks as if its keys were in slots. */
  static InjectedTimeBackend backend(
      Slots slots, Contention contention, InstantSource clock, Duration lateness) {
    return new InjectedTimeBackend(connection(), slots, contention, newPrefix(), clock, lateness);
  }
}
