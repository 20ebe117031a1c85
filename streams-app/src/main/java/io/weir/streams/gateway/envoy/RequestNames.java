package io.weir.streams.gateway.envoy;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names for requests, as Envoy gives them none: a random one of the door, and a number.
 * Thread-safe.
 */
final class RequestNames {
  private final String door = "envoy-" + UUID.randomUUID() + "-";
  private final AtomicLong last = new AtomicLong();

  /** A name that no other request has. */
  String next() {
    return door + last.incrementAndGet();
  }
}
