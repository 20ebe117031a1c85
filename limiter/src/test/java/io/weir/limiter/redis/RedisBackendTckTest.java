package io.weir.limiter.redis;

import io.weir.limiter.LimitBackend;
import io.weir.limiter.algorithm.Algorithms;
import io.weir.limiter.codec.ScriptRowCodec;
import io.weir.limiter.tck.LimitBackendTck;
import java.time.Duration;
import java.time.InstantSource;

class RedisBackendTckTest extends LimitBackendTck {
  private static final ScriptRowCodec CODEC = new ScriptRowCodec(Algorithms.standard());

  @Override
  protected LimitBackend start(InstantSource clock, Duration lateness) {
    Coalescer.Settings settings =
        new Coalescer.Settings(2, 128, 10_000, lateness.toMillis(), clock::millis);
    return new RedisBackend(
        new Coalescer(
            new LettuceScript(SharedRedis.connection().async(), ScriptText.load()),
            new RedisKeys(SharedRedis.newPrefix()),
            settings),
        CODEC);
  }
}
