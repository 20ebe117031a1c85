package io.weir.limiter.redis;

import io.weir.limiter.LimitBackend;
import io.weir.limiter.rule.KeyText;
import io.weir.limiter.tck.LimitBackendTck;
import java.time.Duration;
import java.time.InstantSource;

/** As in Redis Cluster, where each identifier is one that many requests share. */
class ContendedRequestsTckTest extends LimitBackendTck {
  private static final Contention EVERYWHERE =
      new Contention() {
        @Override
        int heat(KeyText identifier) {
          return 1 + Math.floorMod(identifier.hashCode(), 10);
        }
      };

  @Override
  protected LimitBackend start(InstantSource clock, Duration lateness) {
    return SharedRedis.backend(Slots.ofCluster(), EVERYWHERE, clock, lateness);
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
