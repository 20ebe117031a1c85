package io.weir.streams.gateway;

import io.weir.limiter.rule.RuleSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The rules that the gateway judges by, which may change at any time. Thread-safe. */
public interface GatewayRules extends AutoCloseable {

  /** Begins to read them, and to follow their changes. */
  void start();

  /** Completes once all of them are loaded; never exceptionally. */
  CompletableFuture<Void> loaded();

  /** The rules in force: an immutable set, which a change exchanges. */
  RuleSet current();

  /** Why the rules in force are not the newest, where they are not. */
  Optional<String> trouble();

  /**
   * Why no rules are in force although there are some: of those that are there none can be read.
   * Empty where rules are in force, or there are none.
   */
  default Optional<String> whyNoRules() {
    return Optional.empty();
  }

  /** Reads no more; the rules in force stay. */
  @Override
  void close();
}
