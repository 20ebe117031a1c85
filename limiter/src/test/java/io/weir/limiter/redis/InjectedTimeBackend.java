package io.weir.limiter.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.weir.limiter.Decision;
import io.weir.limiter.ForwardingBackend;
import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.rule.Match;
import io.weir.limiter.rule.OnError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The backend on Redis with the time of a clock instead of Redis's own, as only tests have it: then
 * Redis expires nothing, and {@link #expire} does what it would have done by that clock.
 */
public final class InjectedTimeBackend extends ForwardingBackend {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final String prefix;
  private final InstantSource clock;
  private final long latenessMillis;
  private final AtomicLong newestMillis;
  private final RedisBackend backend;

  /** A backend whose keys begin with a prefix. */
  public InjectedTimeBackend(
      StatefulRedisConnection<byte[], byte[]> connection,
      String prefix,
      InstantSource clock,
      Duration lateness) {
    this(connection, Slots.one(), new Contention(), prefix, clock, lateness);
  }

  InjectedTimeBackend(
      StatefulRedisConnection<byte[], byte[]> connection,
      Slots slots,
      Contention contention,
      String prefix,
      InstantSource clock,
      Duration lateness) {
    this(connection, slots, contention, prefix, clock, lateness, new AtomicLong());
  }

  private InjectedTimeBackend(
      StatefulRedisConnection<byte[], byte[]> connection,
      Slots slots,
      Contention contention,
      String prefix,
      InstantSource clock,
      Duration lateness,
      AtomicLong newestMillis) {
    this(
        backend(connection, slots, contention, prefix, clock, lateness, newestMillis),
        connection,
        prefix,
        clock,
        lateness,
        newestMillis);
  }

  private InjectedTimeBackend(
      RedisBackend backend,
      StatefulRedisConnection<byte[], byte[]> connection,
      String prefix,
      InstantSource clock,
      Duration lateness,
      AtomicLong newestMillis) {
    super(backend);
    this.backend = backend;
    this.connection = connection;
    this.prefix = prefix;
    this.clock = clock;
    this.latenessMillis = lateness.toMillis();
    this.newestMillis = newestMillis;
  }

  private static RedisBackend backend(
      StatefulRedisConnection<byte[], byte[]> connection,
      Slots slots,
      Contention contention,
      String prefix,
      InstantSource clock,
      Duration lateness,
      AtomicLong newestMillis) {
    ScheduledExecutorService timer = connection.getResources().eventExecutorGroup();
    Coalescers coalescers =
        new Coalescers(
            slots,
            slot ->
                new Coalescer(
                    new LettuceScript(connection.async(), ScriptText.load()),
                    new RedisKeys(prefix),
                    new Coalescer.Settings(2, 128, 10_000, lateness.toMillis(), clock::millis),
                    new AtomicInteger(),
                    newestMillis));
    ScriptRowCodec codec = new ScriptRowCodec(Algorithms.standard());
    Fallback fallback =
        new Fallback(OnError.DENY, 1, InMemoryBackend.builder().clock(clock).build(), clock);
    return new RedisBackend(
        slots,
        new Conversations(
            coalescers, PATIENCE, new AdaptiveSpin(Duration.ZERO, System::nanoTime), timer),
        codec,
        new RowsReader(
            new LettuceScript(connection.async(), ScriptText.ofRows()),
            new RedisKeys(prefix),
            codec),
        fallback,
        contention,
        () -> {},
        "a test");
  }

  /** A key of it, by what follows the opening brace. */
  byte[] key(String rest) {
    return (prefix + "{" + rest).getBytes(StandardCharsets.UTF_8);
  }

  /** What can be asked of Redis alone. */
  RedisBackend onRedis() {
    return backend;
  }

  /** Drops every row that says that it is idle. */
  public void expire() {
    long floorMillis = Math.max(newestMillis.get(), clock.millis()) - latenessMillis;
    RedisCommands<byte[], byte[]> redis = connection.sync();
    ScanArgs own = ScanArgs.Builder.matches(prefix + "*");
    KeyScanCursor<byte[]> cursor = redis.scan(own);
    while (true) {
      for (byte[] key : cursor.getKeys()) {
        byte[] value = redis.get(key);
        byte[] left = value == null ? new byte[0] : withoutIdle(value, floorMillis);
        if (left.length == 0) {
          redis.del(key);
        } else {
          redis.set(key, left);
        }
      }
      if (cursor.isFinished()) {
        return;
      }
      cursor = redis.scan(cursor, own);
    }
  }

  private static byte[] withoutIdle(byte[] value, long floorMillis) {
    ByteArrayOutputStream left = new ByteArrayOutputStream();
    for (int from = 0; from < value.length; ) {
      int to = from + ScriptRowCodec.frameLength(value, from);
      byte[] time = new byte[Long.BYTES];
      System.arraycopy(value, from + 3, time, 2, 6);
      if (ByteBuffer.wrap(time).getLong() > floorMillis) {
        left.writeBytes(Arrays.copyOfRange(value, from, to));
      }
      from = to;
    }
    return left.toByteArray();
  }

  @Override
  public CompletionStage<Decision> judgeAsync(Match match, long cost) {
    return backend.judgeAsync(match, cost);
  }
}
