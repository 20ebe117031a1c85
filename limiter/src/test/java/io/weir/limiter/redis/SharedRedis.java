package io.weir.limiter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.OnError;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One Redis for all tests of a JVM that only need some, and a connection to it. */
public final class SharedRedis {
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private SharedRedis() {}

  private static final class Instance {
    static final RedisProcess REDIS = RedisProcess.start();
    static final StatefulRedisConnection<byte[], byte[]> CONNECTION =
        RedisClient.create(REDIS.uri()).connect(ByteArrayCodec.INSTANCE);
  }

  static String uri() {
    return Instance.REDIS.uri();
  }

  static StatefulRedisConnection<byte[], byte[]> connection() {
    return Instance.CONNECTION;
  }

  /** The beginning of keys that nobody else has. */
  static String newPrefix() {
    return "test" + PREFIXES.incrementAndGet() + ":";
  }

  /** A backend without state that knows no other time than a clock's. */
  static RedisBackend backend(InstantSource clock, Duration lateness) {
    return backend(newPrefix(), clock, lateness);
  }

  /** A backend that shares its state with others of the same prefix. */
  static RedisBackend backend(String prefix, InstantSource clock, Duration lateness) {
    return backend(Slots.one(), prefix, clock, lateness);
  }

  /** A backend that asks as if its keys were in slots. */
  static RedisBackend backend(Slots slots, String prefix, InstantSource clock, Duration lateness) {
    Duration patience = Duration.ofSeconds(30);
    ScheduledExecutorService timer = connection().getResources().eventExecutorGroup();
    AtomicLong newestMillis = new AtomicLong();
    Coalescers coalescers =
        new Coalescers(
            slots,
            () ->
                new Coalescer(
                    new LettuceScript(connection().async(), ScriptText.load()),
                    new RedisKeys(prefix),
                    new Coalescer.Settings(2, 128, 10_000, lateness.toMillis(), clock::millis),
                    newestMillis));
    Fallback fallback =
        new Fallback(OnError.DENY, 1, InMemoryBackend.builder().clock(clock).build(), clock);
    return new RedisBackend(
        slots,
        new Conversations(coalescers, patience, timer),
        new ScriptRowCodec(Algorithms.standard()),
        fallback);
  }
}
