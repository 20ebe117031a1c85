package com.example;

import io.weir.limiter.InMemoryBackend;
import io.weir.limiter.LimitBackend;
import io.weir.limiter.tck.LimitBackendTck;
import java.time.Duration;
import java.time.InstantSource;

/** The compatibility kit, as who writes a backend uses it. */
class UseTest extends LimitBackendTck {
  @Override
  protected LimitBackend start(InstantSource clock, Duration lateness) {
    return InMemoryBackend.builder().clock(clock).lateness(lateness).build();
  }
}
