package io.weir.limiter;

import io.weir.limiter.tck.LimitBackendTck;
import java.time.Duration;
import java.time.InstantSource;

class InMemoryBackendTckTest extends LimitBackendTck {

  @Override
  protected LimitBackend start(InstantSource clock, Duration lateness) {
    return InMemoryBackend.builder().clock(clock).lateness(lateness).build();
  }

  @Override
  protected void expire(LimitBackend backend) {
    ((InMemoryBackend) backend).expireIdle();
  }
}
