package io.weir.limiter.redis;

import io.weir.limiter.LimitBackend;
import io.weir.limiter.tck.LimitBackendTck;
import java.time.Duration;
import java.time.InstantSource;

/** As in Redis Cluster: each identifier is asked for by itself, and holds what it admits. */
class SplitRequestsTckTest extends LimitBackendTck {

  @Override
  protected LimitBackend start(InstantSource clock, Duration lateness) {
    return SharedRedis.backend(Slots.ofCluster(), new Contention(), clock, lateness);
  }

  @Override
  protected boolean judgesAllIdentifiersInOnePlace() {
    return false;
  }

  @Override
  protected void expire(LimitBackend backend) {
    ((InjectedTimeBackend) backend).expire();
  }
}
