package io.weir.limiter.redis;

import io.weir.limiter.LimitBackend;
import io.weir.limiter.tck.LimitBackendTck;
import java.time.Duration;
import java.time.InstantSource;

class RedisBackendTckTest extends LimitBackendTck {

  @Override
  protected LimitBackend start(InstantSource clock, Duration lateness) {
    return SharedRedis.backend(clock, lateness);
  }

  @Override
  protected void expire(LimitBackend backend) {
    ((InjectedTimeBackend) backend).expire();
  }
}
