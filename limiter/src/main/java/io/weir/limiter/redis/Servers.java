package io.weir.limiter.redis;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * The servers that slots are on: what one of a cluster does says nothing of the others, and all of
 * its slots learn of it together. Thread-safe.
 */
final class Servers {
  private final IntFunction<String> names;
  private final CircuitBreakerConfig breaker;
  private final Map<String, Server> byName = new ConcurrentHashMap<>();

  /**
   * Servers.
   *
   * @param names the name of the server that has a slot now
   */
  Servers(IntFunction<String> names, CircuitBreakerConfig breaker) {
    this.names = names;
    this.breaker = breaker;
  }

  /** The server that has a slot now. */
  Server of(int slot) {
    return byName.computeIfAbsent(
        names.apply(slot), name -> new Server(CircuitBreaker.of("weir-redis-" + name, breaker)));
  }
}
